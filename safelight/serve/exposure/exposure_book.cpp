#include "safelight/serve/exposure/exposure_book.h"

#include <algorithm>
#include <array>
#include <ctime>

namespace safelight::serve {
namespace {

void add(ExposureDay& sum, const ExposureDay& day) {
  sum.reveals += day.reveals;
  sum.shown_ms += day.shown_ms;
  for (const auto& [category, reveals] : day.by_category) sum.by_category[category] += reveals;
}

template <class Days>
std::vector<ExposureDay> latest(const Days& days, size_t max_days) {
  std::vector<ExposureDay> out;
  const size_t skipped = days.size() > max_days ? days.size() - max_days : 0;
  for (auto day = std::next(days.begin(), static_cast<ptrdiff_t>(skipped)); day != days.end();
       ++day) {
    out.push_back(day->second);
  }
  return out;
}

}  // namespace

BudgetLeft left_of(const ExposureBudget& budget, const ExposureDay& today) {
  BudgetLeft out;
  const auto left = [](uint32_t limit, uint64_t used) {
    return used >= limit ? 0u : limit - static_cast<uint32_t>(used);
  };
  if (budget.reveals_a_day) out.reveals = left(*budget.reveals_a_day, today.reveals);
  if (budget.seconds_a_day) out.seconds = left(*budget.seconds_a_day, today.shown_ms / 1000);
  return out;
}

std::string local_day(int64_t ns) {
  const std::time_t seconds = ns / 1'000'000'000;
  std::tm local{};
  localtime_r(&seconds, &local);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &local)};
}

ExposureDay& ExposureBook::day_of(std::string_view person, int64_t ns) {
  auto found = people_.find(person);
  if (found == people_.end()) found = people_.emplace(person, Days()).first;
  std::string day = local_day(ns);
  ExposureDay& out = found->second[day];
  out.day = std::move(day);
  return out;
}

void ExposureBook::began(std::string_view person, std::string_view category, int64_t began_ns) {
  const std::lock_guard lock(mutex_);
  ExposureDay& day = day_of(person, began_ns);
  ++day.reveals;
  ++day.by_category[std::string(category)];
}

void ExposureBook::shown(std::string_view person, int64_t began_ns, uint64_t shown_ms) {
  const std::lock_guard lock(mutex_);
  day_of(person, began_ns).shown_ms += shown_ms;
}

ExposureDay ExposureBook::today(std::string_view person, int64_t now_ns) const {
  const std::string day = local_day(now_ns);
  const std::lock_guard lock(mutex_);
  if (const auto found = people_.find(person); found != people_.end()) {
    if (const auto counted = found->second.find(day); counted != found->second.end()) {
      return counted->second;
    }
  }
  ExposureDay none;
  none.day = day;
  return none;
}

std::vector<ExposureDay> ExposureBook::days(std::string_view person, size_t max_days) const {
  const std::lock_guard lock(mutex_);
  const auto found = people_.find(person);
  return found == people_.end() ? std::vector<ExposureDay>() : latest(found->second, max_days);
}

ExposureBook::Team ExposureBook::team(int64_t now_ns, size_t max_days) const {
  Team out;
  out.today.day = local_day(now_ns);
  Days sum;
  const std::lock_guard lock(mutex_);
  for (const auto& [person, days] : people_) {
    for (const auto& [day, counted] : days) {
      ExposureDay& total = sum[day];
      total.day = day;
      add(total, counted);
      if (day == out.today.day) add(out.today, counted);
    }
  }
  out.people = people_.size();
  out.days = latest(sum, max_days);
  return out;
}

}  // namespace safelight::serve
