#include "safelight/serve/http/internal/connection_count.h"

namespace safelight::serve {

ConnectionCount::Entry ConnectionCount::enter(const std::string& origin) {
  const std::lock_guard lock(mutex_);
  if (in_all_ >= max_in_all_) return Entry::refused;
  const auto known = by_origin_.find(origin);
  if (known != by_origin_.end() && known->second >= max_per_origin_) return Entry::refused;
  ++in_all_;
  ++by_origin_[origin];
  return Entry::granted;
}

void ConnectionCount::leave(const std::string& origin) {
  const std::lock_guard lock(mutex_);
  --in_all_;
  const auto known = by_origin_.find(origin);
  if (--known->second == 0) by_origin_.erase(known);
}

}  // namespace safelight::serve
