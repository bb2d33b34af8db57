#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/decisions/policy.h"

namespace safelight::serve {

/// What was shown on one day.
struct ExposureDay {
  std::string day;  ///< "2026-11-30", in the time zone of the machine.
  uint32_t reveals = 0;
  uint64_t shown_ms = 0;
  std::map<std::string, uint32_t> by_category;  ///< Reveals, by what the item was decided to be.
  friend bool operator==(const ExposureDay&, const ExposureDay&) = default;
};

/// What is left of a budget. Nothing: without a limit.
struct BudgetLeft {
  std::optional<uint32_t> reveals;
  std::optional<uint32_t> seconds;
  [[nodiscard]] bool is_used_up() const { return reveals == 0u || seconds == 0u; }
};

/// What is left of `budget` after a day like this.
BudgetLeft left_of(const ExposureBudget& budget, const ExposureDay& today);

/// Counts what each person was shown, by day. Safe from many threads.
class ExposureBook {
 public:
  /// Counts a reveal that began then. `category` is a code, or "undecided".
  void began(std::string_view person, std::string_view category, int64_t began_ns);
  /// Adds how long the picture of such a reveal was shown.
  void shown(std::string_view person, int64_t began_ns, uint64_t shown_ms);

  /// The day on which `now_ns` lies; empty counts where nothing was shown.
  [[nodiscard]] ExposureDay today(std::string_view person, int64_t now_ns) const;
  /// The latest `max_days` on which anything was shown, ascending.
  [[nodiscard]] std::vector<ExposureDay> days(std::string_view person, size_t max_days) const;

  struct Team {
    ExposureDay today;
    std::vector<ExposureDay> days;
    size_t people = 0;  ///< Who were ever shown anything.
  };
  /// The total of all. Says nothing of one person where there is more than one.
  [[nodiscard]] Team team(int64_t now_ns, size_t max_days) const;

 private:
  using Days = std::map<std::string, ExposureDay, std::less<>>;
  ExposureDay& day_of(std::string_view person, int64_t ns);

  mutable std::mutex mutex_;
  std::map<std::string, Days, std::less<>> people_;
};

/// The day of a time in the time zone of the machine: "2026-11-30".
std::string local_day(int64_t ns);

}  // namespace safelight::serve
