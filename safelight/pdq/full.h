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
struct FullState;
}

/// Fingerprints at full resolution (PdqMode::full), as the pdqhash wheel, and with it `tx` and HMA,
/// make them: bit for bit on the same decoded pixels and the same at every SimdLevel. Takes the
/// rows as they are decoded and holds about 4 * width * (height / 128 + 96) bytes, never the
/// picture. Keeps its buffers from one picture to the next; use one object per thread.
///
/// Rows that never arrive count as black, so a partly decoded picture has a fingerprint too. Rows
/// that come twice, out of order or past the end are ignored.
/// Source: bindings.pyx of pdqhash-python 0.2; downscaling.cpp and pdqhashing.cpp of
/// facebook/ThreatExchange.
class FullHasher final : public RowSink {
 public:
  explicit FullHasher(SimdLevel level);
  ~FullHasher() override;
  FullHasher(FullHasher&&) noexcept;
  FullHasher& operator=(FullHasher&&) noexcept;

  /// Starts a picture. A shape that cannot be hashed is reported by the finishing calls.
  void begin(const PictureShape& shape) override;
  void rows(uint32_t first_row, std::span<const uint8_t> samples) override;

  /// The fingerprints of all eight orientations, as the wheel's compute_dihedral() makes them.
  /// May be asked for more than once.
  /// Errors: unsupported, "pdq.side-under-5" or "pdq.channels" (neither 1 nor 3); not_found,
  /// "pdq.no-picture" where begin() was not called.
  Result<OrientationHashes> finish();

  /// The fingerprint as stored, as the wheel's compute() makes it: the first of finish(), but for a
  /// picture of exactly 64x64, which is not filtered here. Errors as finish().
  Result<PdqHash> finish_original();

 private:
  std::unique_ptr<internal::FullState> state_;
};

}  // namespace safelight::pdq
