#include "safelight/serve/queue/internal/kept_searches.h"

#include <algorithm>

#include "safelight/serve/queue/internal/mark.h"

namespace safelight::serve {

char to_lower_ascii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string KeptSearches::keep(std::string_view text) {
  std::string lower(text.substr(0, kMaxSearchBytes));
  std::transform(lower.begin(), lower.end(), lower.begin(), to_lower_ascii);
  std::string mark = mark_of(case_id_, "search", lower);
  if (find(mark)) return mark;
  const std::lock_guard lock(mutex_);
  kept_.emplace_front(mark, std::move(lower));
  if (kept_.size() > kMaxKeptSearches) kept_.pop_back();
  return mark;
}

std::optional<std::string> KeptSearches::find(std::string_view mark) {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::find_if(kept_.begin(), kept_.end(), [&](const auto& one) { return one.first == mark; });
  if (found == kept_.end()) return std::nullopt;
  kept_.splice(kept_.begin(), kept_, found);
  return kept_.front().second;
}

}  // namespace safelight::serve
