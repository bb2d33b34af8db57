#include "safelight/serve/screening/rate_limiter.h"

#include <algorithm>

namespace safelight::serve {
namespace {

constexpr int64_t kSecondNs = 1'000'000'000;

}  // namespace

RateLimiter::RateLimiter(const Clock& clock, const RatePolicy& policy)
    : clock_(clock), policy_(policy), token_ns_(kSecondNs / std::max(1u, policy.per_second)) {}

int64_t RateLimiter::take(int64_t key, uint32_t cost) {
  const int64_t now_ns = clock_.now_ns();
  const int64_t burst_ns = token_ns_ * std::max(1u, policy_.burst);
  const std::lock_guard lock(mutex_);
  if (buckets_.size() >= policy_.max_keys && !buckets_.contains(key)) {
    buckets_.erase(std::ranges::min_element(
        buckets_, {}, [](const auto& entry) { return entry.second.used_ns; }));
  }
  Bucket& bucket = buckets_[key];
  // While a clock is set back nothing fills, and nothing more is missing.
  const int64_t since_ns = std::max<int64_t>(now_ns - bucket.used_ns, 0);
  const int64_t taken_ns = std::max<int64_t>(bucket.taken_ns - since_ns, 0);
  const int64_t cost_ns = token_ns_ * std::max(1u, cost);
  const int64_t wait_ns = taken_ns + std::min(cost_ns, burst_ns) - burst_ns;
  bucket = {.taken_ns = wait_ns > 0 ? taken_ns : taken_ns + cost_ns, .used_ns = now_ns};
  return std::max<int64_t>(wait_ns, 0);
}

}  // namespace safelight::serve
