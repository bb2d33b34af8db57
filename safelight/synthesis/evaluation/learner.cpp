#include "safelight/synthesis/evaluation/learner.h"

namespace safelight::synthesis {
namespace {

class FixedScorer final : public Scorer {
 public:
  explicit FixedScorer(const AssessmentTable& table) : table_(table) {}
  [[nodiscard]] std::optional<double> score(size_t condition, size_t row) const override {
    return table_.entries[condition][row].score;
  }

 private:
  const AssessmentTable& table_;
};

}  // namespace

Result<std::unique_ptr<Scorer>> FixedLearner::learn(std::span<const size_t>) const {
  return std::unique_ptr<Scorer>(std::make_unique<FixedScorer>(table_));
}

}  // namespace safelight::synthesis
