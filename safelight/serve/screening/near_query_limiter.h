#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "safelight/base/clock.h"
#include "safelight/hash/digests.h"
#include "safelight/hash/fingerprint.h"

namespace safelight::serve {

struct NearQueryPolicy {
  uint32_t radius_bits = kDefaultRadiusBits;
  uint32_t max_near = 20;  ///< Different uploads near one, of one key within the window.
  int64_t window_ns = 3'600 * int64_t{1'000'000'000};
  uint32_t remembered = 8'192;  ///< Latest uploads of a key: 48 bytes each.
  uint32_t max_keys = 256;      ///< The key that asked least lately is forgotten.
};

/// Notices who feels his way: many different pictures within the radius of each other are how the
/// border of an entry is found by accept and hold alone. Pictures are compared as they stand, so
/// each orientation counts by itself. Its memory is bounded: who sends more than it remembers
/// within the window can be near its older uploads unseen. Safe from many threads.
class NearQueryLimiter {
 public:
  enum class Near : uint8_t { within, over };

  NearQueryLimiter(const Clock& clock, const NearQueryPolicy& policy)
      : clock_(clock), policy_(policy) {}

  /// Notes an upload, and says whether there were too many others near it. The same bytes again are
  /// not another upload.
  [[nodiscard]] Near note(int64_t key, const Sha256& digest, const Fingerprint& fingerprint);

 private:
  struct Upload {
    Fingerprint fingerprint;
    uint64_t digest = 0;  ///< Its first bytes: to know the same upload again.
    int64_t when_ns = 0;
  };
  struct Ring {
    std::vector<Upload> uploads;
    size_t next = 0;
    int64_t used_ns = 0;
  };
  Ring& ring_of(int64_t key, int64_t now_ns);

  const Clock& clock_;
  const NearQueryPolicy policy_;
  std::mutex mutex_;
  std::map<int64_t, Ring> rings_;
};

}  // namespace safelight::serve
