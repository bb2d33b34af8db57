#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "safelight/base/result.h"
#include "safelight/base/simd.h"
#include "safelight/pdq/orientation_hashes.h"
#include "safelight/picture/picture.h"

namespace safelight::pdq {

namespace internal {
class Decimator;
}

/// Fingerprints as Meta's C++ reference makes them (PdqMode::reference), bit for bit on the same
/// decoded pixels and the same at every SimdLevel. Keeps its buffers from one picture to the next;
/// use one object per thread.
///
/// Errors of every call: unsupported, "pdq.side-under-5" or "pdq.channels" (neither 1 nor 3);
/// malformed, "pdq.samples" (their number does not fit the shape) or "pdq.not-reduced" (a picture
/// that NearestSink would have changed).
/// Source: pdq/cpp/io/pdqio.cpp, downscaling.cpp and pdqhashing.cpp of facebook/ThreatExchange.
class ReferenceHasher {
 public:
  explicit ReferenceHasher(SimdLevel level);
  ~ReferenceHasher();
  ReferenceHasher(ReferenceHasher&&) noexcept;
  ReferenceHasher& operator=(ReferenceHasher&&) noexcept;

  /// The fingerprint as stored, as the reference's path for a single hash makes it. `reduced` is
  /// what NearestSink made: at most 512x512, with 3 channels or 1 (grey).
  Result<PdqHash> hash(const Picture& reduced);

  /// The fingerprints of all eight orientations out of one transform, as the reference's dihedral
  /// path makes them. The first equals hash() but for a picture of exactly 64x64, which the
  /// reference filters here and takes as it is there.
  Result<OrientationHashes> hash_all_orientations(const Picture& reduced);

  /// The same from luma, `width` * `height` finite values of 0 to 255 from the top.
  Result<OrientationHashes> hash_all_orientations(std::span<const float> luma, uint32_t width,
                                                  uint32_t height);

 private:
  std::unique_ptr<internal::Decimator> decimator_;
};

}  // namespace safelight::pdq
