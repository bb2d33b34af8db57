#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "safelight/casefile/act.h"
#include "safelight/casefile/card_reader.h"
#include "safelight/serve/queue/review_state.h"

namespace safelight::serve {

/// What a queue is made of. Members may be called from one thread after another, and throw Fault
/// where the case cannot be read.
class QueueSource {
 public:
  virtual ~QueueSource() = default;

  [[nodiscard]] virtual std::string case_id() const = 0;
  /// Rises with whatever is written to the case, by at least 1 with each act.
  [[nodiscard]] virtual uint64_t version() const = 0;
  /// Changes with what for_each_card() would give.
  [[nodiscard]] virtual uint64_t cards_version() const = 0;
  /// As casefile::for_each_card().
  virtual void for_each_card(const std::function<void(const casefile::Card&)>& use) const = 0;
  /// As casefile::ActReader::for_each_act().
  virtual void for_each_act(uint64_t after,
                            const std::function<void(const casefile::StoredAct&)>& use) const = 0;
  [[nodiscard]] virtual ReviewRules rules() const = 0;
};

/// The case in that directory. Rules that it has none of are the defaults; those that cannot be
/// read are a Fault.
std::unique_ptr<QueueSource> case_source(const std::filesystem::path& directory);

}  // namespace safelight::serve
