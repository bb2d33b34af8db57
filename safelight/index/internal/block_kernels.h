#pragma once

#include <cstddef>
#include <cstdint>

#include "safelight/base/simd.h"
#include "safelight/index/internal/kernels.h"

namespace safelight::index_internal {

/// Entries of a block of MultiIndex. An entry is the number of a row in its lower `row_bits` bits,
/// and above them the entry's tag.
struct EntryRun {
  const uint32_t* entries = nullptr;
  uint32_t count = 0;        ///< At least 1.
  uint32_t budget_bits = 0;  ///< How far a tag may be from the query's.
};

/// Words of half a row.
inline constexpr size_t kHalfWords = kRowWords / 2;

/// What a caller leaves free behind the places that pass() fills.
inline constexpr size_t kPassSlack = 16;

/// The loops of MultiIndex, written for one SimdLevel. All levels give the same results.
struct BlockKernels {
  /// Writes the rows of the entries whose tag is at most the run's budget from `tag` to `out`, in
  /// order, and returns how many those are. `row_bits` is at least 24: a tag has at most 8 bits.
  /// `out` has room for all entries of all runs and kPassSlack more.
  size_t (*pass)(const EntryRun* runs, size_t count, uint32_t row_bits, uint32_t tag,
                 uint32_t* out);

  /// Compares words 0 and 1 of `query` with those of rows number `ids[0 .. count)`, which are in
  /// `low`. Writes those within the radius so far to `out` (room for `count`), in order and with
  /// the distance so far, returns how many those are, and fetches their other words in `high`.
  size_t (*compare_low)(const uint64_t* low, const uint64_t* high, const uint64_t* query,
                        const uint32_t* ids, size_t count, uint32_t radius_bits, NearRow* out);

  /// Adds the distance in words 2 and 3, which are in `high`, to that of `rows[0 .. count)`. Leaves
  /// in `rows` those within the radius, in order, and returns how many those are.
  size_t (*compare_high)(const uint64_t* high, const uint64_t* query, NearRow* rows, size_t count,
                         uint32_t radius_bits);

  /// For each of `count` rows the bits that `mask` (kRowWords words, at most 32 bits set) names,
  /// moved together in ascending order.
  void (*keys)(const uint64_t* rows, size_t count, const uint64_t* mask, uint32_t* out);
};

extern const BlockKernels kScalarBlockKernels;
extern const BlockKernels kAvx2BlockKernels;
extern const BlockKernels kAvx512BlockKernels;

/// The kernels of a level; scalar where this build has none for it.
const BlockKernels& block_kernels_of(SimdLevel level);

}  // namespace safelight::index_internal
