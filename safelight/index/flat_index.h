#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "safelight/base/result.h"
#include "safelight/base/simd.h"
#include "safelight/hash/fingerprint.h"
#include "safelight/index/aligned_bytes.h"
#include "safelight/index/block_check.h"
#include "safelight/index/fingerprint_index.h"

namespace safelight {

/// A scan over all fingerprints: no row can be missed, whatever the data. A filter over bit planes
/// decides most pairs, 512 rows at a time; what passes it is compared in full.
///
/// The index looks at one stretch of bytes, its layout (docs/formats/fingerprint_planes.md), which
/// may be mapped from a file: 49.6 bytes a row, of which a search at a radius of at most
/// kMaxFilterRadiusBits reads 17.6 and the rows that pass.
class FlatIndex final : public FingerprintIndex {
 public:
  static constexpr uint32_t kLayoutVersion = 1;
  /// Where a layout must begin, in memory.
  static constexpr size_t kLayoutAlignmentBytes = AlignedBytes::kAlignmentBytes;
  /// A larger radius compares every row in full, 12 to 30 times slower.
  static constexpr uint32_t kMaxFilterRadiusBits = 31;
  static constexpr uint64_t kMaxRows = 0xffff'ffff;

  /// Bytes of the layout of `rows` fingerprints, a multiple of 64; 0 for none.
  /// `rows` is at most kMaxRows.
  static uint64_t layout_bytes(uint64_t rows);

  /// Writes the layout of `fingerprints` to `out`, which has exactly layout_bytes() bytes and any
  /// alignment. The same rows give the same bytes.
  static void write_layout(std::span<const Fingerprint> fingerprints, std::span<std::byte> out);

  /// Looks at a layout without copying it; the bytes must outlive the index and stay as they are.
  /// `level` must be one that the processor has. The planes are not compared with the rows: see
  /// check_planes().
  /// Where there is a `check`, which must outlive the index and have `bytes` among its own, a
  /// search makes sure of all of `bytes`, and fingerprint() of its row: they throw Fault for
  /// damaged ones. Errors: limit_exceeded over kMaxRows; truncated or malformed if `bytes` is
  /// shorter or longer than the layout of `rows`; malformed if it is not aligned.
  static Result<FlatIndex> view(std::span<const std::byte> bytes, uint64_t rows,
                                SimdLevel level = detect_simd_level(),
                                const BlockCheck* check = nullptr);

  /// An index that owns its layout. At most kMaxRows fingerprints.
  static FlatIndex build(std::span<const Fingerprint> fingerprints,
                         SimdLevel level = detect_simd_level());

  /// An index of no rows.
  FlatIndex() = default;

  [[nodiscard]] size_t size() const override { return rows_; }
  [[nodiscard]] Fingerprint fingerprint(size_t row) const override;
  void search(std::span<const Fingerprint> queries, const SearchOptions& options,
              Matches& out) const override;

  /// Success if every plane is the one that the rows give: a search then misses nothing.
  /// Errors: integrity_mismatch, at the offset in the layout of the first block that is not.
  [[nodiscard]] Result<void> check_planes() const;

 private:
  FlatIndex(std::span<const std::byte> bytes, size_t rows, SimdLevel level,
            const BlockCheck* check);

  AlignedBytes owned_;
  std::span<const std::byte> bytes_;
  const BlockCheck* check_ = nullptr;
  const uint64_t* planes_ = nullptr;
  const uint64_t* row_words_ = nullptr;
  size_t rows_ = 0;
  SimdLevel level_ = SimdLevel::scalar;
};

}  // namespace safelight
