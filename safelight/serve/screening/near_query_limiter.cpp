#include "safelight/serve/screening/near_query_limiter.h"

#include <algorithm>

namespace safelight::serve {
namespace {

uint64_t first_bytes(const Sha256& digest) {
  uint64_t value = 0;
  for (size_t i = 0; i < sizeof value; ++i) value = value << 8 | digest.bytes[i];
  return value;
}

/// Most are told apart by their first words.
bool is_near(const Fingerprint& a, const Fingerprint& b, uint32_t radius_bits) {
  uint32_t distance = 0;
  for (size_t i = 0; i < a.words.size(); ++i) {
    distance += static_cast<uint32_t>(std::popcount(a.words[i] ^ b.words[i]));
    if (distance > radius_bits) return false;
  }
  return true;
}

}  // namespace

NearQueryLimiter::Ring& NearQueryLimiter::ring_of(int64_t key, int64_t now_ns) {
  if (rings_.size() >= policy_.max_keys && !rings_.contains(key)) {
    rings_.erase(std::ranges::min_element(rings_, {},
                                          [](const auto& entry) { return entry.second.used_ns; }));
  }
  Ring& ring = rings_[key];
  ring.used_ns = now_ns;
  return ring;
}

NearQueryLimiter::Near NearQueryLimiter::note(int64_t key, const Sha256& digest,
                                              const Fingerprint& fingerprint) {
  const int64_t now_ns = clock_.now_ns();
  const uint64_t known_by = first_bytes(digest);
  const std::lock_guard lock(mutex_);
  Ring& ring = ring_of(key, now_ns);
  uint32_t near = 0;
  bool is_known = false;
  for (Upload& upload : ring.uploads) {
    if (now_ns - upload.when_ns >= policy_.window_ns) continue;
    if (!is_near(upload.fingerprint, fingerprint, policy_.radius_bits)) continue;
    if (upload.digest == known_by) {
      is_known = true;
      upload.when_ns = now_ns;
    } else {
      ++near;
    }
  }
  if (!is_known && policy_.remembered > 0) {
    const Upload upload{fingerprint, known_by, now_ns};
    if (ring.uploads.size() < policy_.remembered) {
      ring.uploads.push_back(upload);
    } else {
      ring.uploads[ring.next] = upload;
      ring.next = (ring.next + 1) % ring.uploads.size();
    }
  }
  return near < policy_.max_near ? Near::within : Near::over;
}

}  // namespace safelight::serve
