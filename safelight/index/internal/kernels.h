#pragma once

#include <cstddef>
#include <cstdint>

#include "safelight/base/simd.h"
#include "safelight/index/internal/plane_layout.h"

namespace safelight::index_internal {

/// A row of a block within the radius.
struct NearRow {
  uint32_t row = 0;
  uint32_t distance_bits = 0;
};

/// The loops of FlatIndex, written for one SimdLevel. All levels give the same results.
struct Kernels {
  /// Fills `table` (kTableWords words, aligned to 64 bytes) from the planes of one block: the plane
  /// at (column * kVariants + v) * kPlaneWords says which rows differ in that column from a query
  /// whose three bits are v.
  void (*make_table)(const uint64_t* planes, uint64_t* table);

  /// Passes `count` queries through a block's table. `places` has for each query and column the
  /// word of `table` at which its plane begins. Of each query that some row passes,
  /// `passed_queries` gets the number and `passed_rows` (kPlaneWords words for each) a mask of the
  /// rows; both have room for `count`. Returns how many queries those are.
  size_t (*filter)(const uint64_t* table, const uint16_t* places, size_t count,
                   uint32_t* passed_queries, uint64_t* passed_rows);

  /// The same straight from the planes, where making a table does not pay. `flips` has for each
  /// query kPlanes words, each all ones where the query's folded bit is set.
  size_t (*filter_few)(const uint64_t* planes, const uint64_t* flips, size_t count,
                       uint32_t* passed_queries, uint64_t* passed_rows);

  /// Compares `query` (kRowWords words) in full with the rows of one block whose bit in `mask`
  /// (kPlaneWords words) is set. Writes those within the radius to `out` (room for kBlockRows) in
  /// ascending order, and returns how many those are.
  size_t (*compare_some)(const uint64_t* rows, const uint64_t* query, const uint64_t* mask,
                         uint32_t radius_bits, NearRow* out);

  /// Compares `query` in full with each of `count` (at most kBlockRows) rows; otherwise the same.
  size_t (*compare_all)(const uint64_t* rows, const uint64_t* query, size_t count,
                        uint32_t radius_bits, NearRow* out);
};

extern const Kernels kScalarKernels;
extern const Kernels kAvx2Kernels;
extern const Kernels kAvx512Kernels;

/// The kernels of a level; scalar where this build has none for it.
const Kernels& kernels_of(SimdLevel level);

}  // namespace safelight::index_internal
