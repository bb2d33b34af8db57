#pragma once

#include <cstddef>
#include <cstdint>

#include "safelight/base/simd.h"
#include "safelight/index/internal/kernels.h"
#include "safelight/index/internal/probe_tasks.h"

namespace safelight::index_internal {

/// A part of an index as it is searched: docs/formats/multi_index.md.
struct PartEntries {
  const uint32_t* directory = nullptr;
  const uint8_t* entries = nullptr;
  uint32_t rows = 0;  ///< Damaged values of the directory are held to them.
  uint32_t entry_bytes = 0;
  uint32_t row_bits = 0;
};

/// The entries of a key.
struct EntryRun {
  uint32_t first = 0;
  uint32_t count = 0;        ///< At least 1.
  uint32_t budget_bits = 0;  ///< How far the check of an entry may be from the query's.
};

// To the second-level cache: more can be under way to it than to the first.
inline constexpr int kFetchLocality = 2;

/// Words of half a row.
inline constexpr size_t kHalfWords = kRowWords / 2;

/// What a caller leaves free behind the places that scan() fills.
inline constexpr size_t kScanSlack = 8;

/// The loops of MultiIndex, written for one SimdLevel. All levels give the same results.
struct BlockKernels {
  /// Looks up the keys that differ from `key` in `flips` (as in ProbeTask), fetches their entries,
  /// and writes those that have any to `out`, which has room for all and one more. The budget of a
  /// key at distance d is budget_bits - d, which is not negative. Returns how many those are.
  size_t (*open)(const PartEntries& part, const uint32_t* flips, size_t count, uint32_t key,
                 uint32_t budget_bits, EntryRun* out);

  /// Writes the rows of the entries of the runs whose check is within the run's budget of `check`
  /// to `out`, in order, and returns how many those are. `out` has room for all entries of all runs
  /// and kScanSlack more. Of the memory around the entries no more is read than the lines of 64
  /// bytes, aligned, that they lie in, or 8 bytes from the beginning of each.
  size_t (*scan)(const PartEntries& part, const EntryRun* runs, size_t count, uint32_t check,
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
