#include "safelight/serve/exposure/breaks.h"

#include <algorithm>

namespace safelight::serve {
namespace {

constexpr int64_t kMinuteNs = 60'000'000'000;

constexpr int64_t minutes_ns(uint32_t minutes) { return minutes * kMinuteNs; }

}  // namespace

Breaks::Stretch& Breaks::stretch_of(std::string_view person, int64_t now_ns) {
  auto found = stretches_.find(person);
  if (found == stretches_.end())
    found = stretches_.emplace(person, Stretch{now_ns, now_ns, 0}).first;
  // Where the clock was set back a break would last until it is there again.
  if (now_ns < found->second.last_ns) found->second = {now_ns, now_ns, 0};
  return found->second;
}

std::optional<int64_t> Breaks::reviewing(std::string_view person, const ExposureBudget& budget,
                                         int64_t now_ns) {
  const std::lock_guard lock(mutex_);
  Stretch& stretch = stretch_of(person, now_ns);
  if (now_ns < stretch.break_until_ns) return stretch.break_until_ns;
  // After a break and after as long away a stretch begins anew.
  const bool was_away = now_ns - stretch.last_ns >= minutes_ns(std::max(budget.break_minutes, 1u));
  if (stretch.break_until_ns != 0 || was_away) stretch = {now_ns, now_ns, 0};
  stretch.last_ns = now_ns;
  if (budget.break_every_minutes == 0 || budget.break_minutes == 0) return std::nullopt;
  if (now_ns - stretch.began_ns < minutes_ns(budget.break_every_minutes)) return std::nullopt;
  stretch.break_until_ns = now_ns + minutes_ns(budget.break_minutes);
  return stretch.break_until_ns;
}

void Breaks::begin(std::string_view person, uint32_t minutes, int64_t now_ns) {
  const std::lock_guard lock(mutex_);
  Stretch& stretch = stretch_of(person, now_ns);
  stretch.last_ns = now_ns;
  stretch.break_until_ns = std::max(stretch.break_until_ns, now_ns + minutes_ns(minutes));
}

std::optional<int64_t> Breaks::until(std::string_view person, int64_t now_ns) const {
  const std::lock_guard lock(mutex_);
  const auto found = stretches_.find(person);
  if (found == stretches_.end()) return std::nullopt;
  const Stretch& stretch = found->second;
  if (now_ns >= stretch.break_until_ns || now_ns < stretch.last_ns) return std::nullopt;
  return stretch.break_until_ns;
}

std::optional<int64_t> Breaks::next(std::string_view person, const ExposureBudget& budget,
                                    int64_t now_ns) const {
  if (budget.break_every_minutes == 0 || budget.break_minutes == 0) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const auto found = stretches_.find(person);
  if (found == stretches_.end() || found->second.break_until_ns != 0) return std::nullopt;
  if (now_ns - found->second.last_ns >= minutes_ns(budget.break_minutes)) return std::nullopt;
  return found->second.began_ns + minutes_ns(budget.break_every_minutes);
}

}  // namespace safelight::serve
