#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "safelight/base/clock.h"

namespace safelight::serve {

struct RatePolicy {
  uint32_t per_second = 100;  ///< At least 1.
  uint32_t burst = 200;       ///< As many at once, where there were none for a while; at least 1.
  uint32_t max_keys = 4'096;  ///< Keys that are remembered, about 50 bytes each.
};

/// How much each key may ask, as a bucket of tokens that fills at a fixed rate. Safe from many
/// threads.
class RateLimiter {
 public:
  RateLimiter(const Clock& clock, const RatePolicy& policy);

  /// 0, and `cost` is taken; or in how many nanoseconds it can be, and nothing is taken. A cost
  /// over the burst can be taken from a full bucket, which then fills only after what is owed.
  /// Where too many keys are remembered the one that has not asked for longest starts anew.
  [[nodiscard]] int64_t take(int64_t key, uint32_t cost = 1);

 private:
  struct Bucket {
    int64_t taken_ns = 0;  ///< How long it had to fill at `used_ns`.
    int64_t used_ns = 0;
  };

  const Clock& clock_;
  const RatePolicy policy_;
  const int64_t token_ns_;
  std::mutex mutex_;
  std::unordered_map<int64_t, Bucket> buckets_;
};

}  // namespace safelight::serve
