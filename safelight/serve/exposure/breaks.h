#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "safelight/decisions/policy.h"

namespace safelight::serve {

/// When each person has a break. A stretch of reviewing begins with what somebody does, ends with a
/// break or with as long without doing anything, and is as long as the budget allows at most. What
/// it knows is gone with the object. Safe from many threads.
class Breaks {
 public:
  /// Somebody reviews: whether they are to have a break, and until when. `budget` is that person's.
  std::optional<int64_t> reviewing(std::string_view person, const ExposureBudget& budget,
                                   int64_t now_ns);
  /// Begins a break before its time; one that runs is not made shorter.
  void begin(std::string_view person, uint32_t minutes, int64_t now_ns);

  /// Until when the person's break lasts, if one is running.
  [[nodiscard]] std::optional<int64_t> until(std::string_view person, int64_t now_ns) const;
  /// When the next one is due; nothing where nobody reviews, or without breaks.
  [[nodiscard]] std::optional<int64_t> next(std::string_view person, const ExposureBudget& budget,
                                            int64_t now_ns) const;

 private:
  struct Stretch {
    int64_t began_ns = 0;
    int64_t last_ns = 0;         ///< When something was last done, or a break began.
    int64_t break_until_ns = 0;  ///< 0: none.
  };
  /// The person's stretch, begun now where there is none. With `mutex_` held.
  Stretch& stretch_of(std::string_view person, int64_t now_ns);

  mutable std::mutex mutex_;
  std::map<std::string, Stretch, std::less<>> stretches_;
};

}  // namespace safelight::serve
