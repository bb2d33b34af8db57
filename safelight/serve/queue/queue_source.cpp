#include "safelight/serve/queue/queue_source.h"

#include <utility>

#include "safelight/casefile/act_reader.h"
#include "safelight/casefile/reader.h"

namespace safelight::serve {
namespace {

class CaseSource final : public QueueSource {
 public:
  explicit CaseSource(std::filesystem::path directory) : directory_(std::move(directory)) {}

  [[nodiscard]] std::string case_id() const override {
    return casefile::Reader::open(directory_).description().case_id;
  }
  [[nodiscard]] uint64_t version() const override {
    return casefile::Reader::open(directory_).version();
  }
  [[nodiscard]] uint64_t cards_version() const override {
    return casefile::Reader::open(directory_).review_version();
  }
  void for_each_card(const std::function<void(const casefile::Card&)>& use) const override {
    casefile::for_each_card(directory_, use);
  }
  void for_each_act(uint64_t after,
                    const std::function<void(const casefile::StoredAct&)>& use) const override {
    casefile::ActReader::open(directory_).for_each_act(after, use);
  }
  [[nodiscard]] ReviewRules rules() const override {
    return rules_of(casefile::ActReader::open(directory_));
  }

 private:
  const std::filesystem::path directory_;
};

}  // namespace

std::unique_ptr<QueueSource> case_source(const std::filesystem::path& directory) {
  return std::make_unique<CaseSource>(directory);
}

}  // namespace safelight::serve
