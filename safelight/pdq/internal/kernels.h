#pragma once

#include <cstddef>
#include <cstdint>

#include "safelight/base/simd.h"
#include "safelight/pdq/internal/box_filter.h"

namespace safelight::pdq::internal {

/// How many rows of a picture are filtered together.
inline constexpr uint32_t kStripRows = 32;
/// Columns that are transposed together; rows are readable and writable up to a multiple of it.
inline constexpr uint32_t kOctet = 8;
/// Columns that the column filter takes at a time; its row buffers are padded to it.
inline constexpr uint32_t kColumnChunk = 64;
/// Floats that must be readable past the grid.
inline constexpr uint32_t kGridSlack = 16;
/// Coefficients of the transform in each direction.
inline constexpr uint32_t kTerms = 16;

/// Divides a float by a whole number in two operations, correctly rounded: with high + low close to
/// 1/count to 48 bits, fma(x, high, x * low) errs by less than 2^-23 units before its one rounding,
/// while x/count lies at least 1/(2 count) units away from every midpoint of two floats.
struct Divisor {
  float count = 1;
  float high = 1;
  float low = 0;

  static Divisor of(uint32_t count) {
    const double exact = 1.0 / count;
    const auto high = static_cast<float>(exact);
    return {static_cast<float>(count), high, static_cast<float>(exact - high)};
  }
};

/// The first row filter, over one strip.
struct RowFilterJob {
  const float* in = nullptr;  ///< kStripRows rows, each readable up to a multiple of kOctet.
  size_t in_stride = 0;
  float* out = nullptr;  ///< kStripRows rows, each writable up to a multiple of kOctet.
  size_t out_stride = 0;
  BoxFilter box;
  const Divisor* divisors = nullptr;  ///< By count, from 0 to the window.
  float* ring = nullptr;    ///< Columns of the strip by turns: ring_columns * kStripRows floats.
  size_t ring_columns = 0;  ///< A power of two, at least window + kColumnChunk.
  const float* zeros = nullptr;  ///< kStripRows of them.
};

/// The first column filter over one strip, and the second row filter over what it puts out. Of the
/// latter only the columns that the grid reads are divided and kept.
struct ColumnFilterJob {
  const float* const* added = nullptr;       ///< Rows that join the sums, one a step.
  const float* const* subtracted = nullptr;  ///< Rows that leave them.
  const Divisor* step_divisors = nullptr;    ///< One a step.
  bool powers_of_two = false;                ///< All of the steps' counts are.
  float* sums = nullptr;                     ///< One a column, kept from strip to strip.
  BoxFilter row_box;                         ///< Of the second row filter.
  float* ring = nullptr;                     ///< As in RowFilterJob.
  size_t ring_columns = 0;
  const float* zeros = nullptr;
  float* out = nullptr;  ///< kStripRows rows of kGridSide, one a step.
};

/// The second column filter, of the columns that the grid reads, over a few steps.
struct GridFilterJob {
  const float* rows = nullptr;  ///< kGridSide values for each step, or null where nothing joins.
  uint32_t first_step = 0;
  uint32_t end_step = 0;
  BoxFilter box;
  float* ring = nullptr;  ///< Rows by turns: ring_rows * kGridSide floats.
  size_t ring_rows = 0;   ///< A power of two, over the window.
  const float* zeros = nullptr;
  float* sums = nullptr;       ///< kGridSide sums, kept from call to call.
  uint32_t next_grid_row = 0;  ///< The first row of the grid that is not yet written.
  float* grid = nullptr;
};

/// The loops that take the time, written for one instruction set. Every level computes the same
/// bits. Buffers are aligned to 64 bytes where they are ours; nothing relies on it.
struct Kernels {
  /// Luma of `count` pixels as the reference computes it, in float.
  void (*luma_reference)(const uint8_t* rgb, size_t count, float* luma);
  /// Luma of `count` pixels as the wheel computes it, in double and rounded once.
  void (*luma_full)(const uint8_t* rgb, size_t count, float* luma);
  void (*luma_grey)(const uint8_t* grey, size_t count, float* luma);
  void (*filter_rows)(const RowFilterJob& job);
  void (*filter_columns)(const ColumnFilterJob& job);
  /// Gives the first row of the grid that is still not written.
  uint32_t (*filter_grid)(const GridFilterJob& job);
  /// The PDQ quality, 0 to 100, of a grid that is readable kGridSlack floats past its end.
  uint32_t (*quality)(const float* grid);
  /// The 16x16 low frequencies of a grid. `forward` is the 16x64 matrix of the transform and
  /// `transposed` the same as 64x16.
  void (*transform)(const float* grid, const float* forward, const float* transposed, float* out);
  /// Which of the 256 terms exceed their lower median, after four changes of sign: none, those in
  /// even columns, those in even rows, those where row + column is odd. Bit j of row i is term
  /// (i, j).
  void (*above_median)(const float* terms, uint16_t rows[4][kTerms]);
};

/// The kernels of a level, or of the highest below it that this build has.
const Kernels& kernels_for(SimdLevel level);

const Kernels& scalar_kernels();
const Kernels& avx2_kernels();
const Kernels& avx512_kernels();

}  // namespace safelight::pdq::internal
