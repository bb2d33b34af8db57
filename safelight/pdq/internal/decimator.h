#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "safelight/pdq/internal/aligned_floats.h"
#include "safelight/pdq/internal/kernels.h"

namespace safelight::pdq::internal {

/// Blurs luma with PDQ's two rounds of box filters and keeps the kGridSide x kGridSide samples that
/// the transform reads, from rows in order, holding only as many rows as the filters' windows
/// reach over. Rows pass through in strips: row filter, column filter, row filter at the grid's
/// columns, column filter at the grid's points.
class Decimator {
 public:
  explicit Decimator(const Kernels& kernels) : kernels_(&kernels) {}
  [[nodiscard]] const Kernels& kernels() const { return *kernels_; }

  /// Starts a picture; both sides at least 5.
  void begin(uint32_t width, uint32_t height);
  [[nodiscard]] uint32_t rows_taken() const { return rows_taken_; }

  /// Where to write the luma of the next row; then take_row(). At most `height` rows in all.
  float* next_row() { return strip_.data() + (rows_taken_ % kStripRows) * stride_; }
  void take_row();

  /// Takes rows that lie `width` floats apart in memory, as many as next_row() and take_row()
  /// would.
  void take_rows(const float* rows, uint32_t count);

  /// The grid, readable kGridSlack floats past its end, after every row was taken. Valid until the
  /// next picture.
  const float* finish();

 private:
  void run_row_filter(const float* in, size_t in_stride);
  void run_column_filter();
  void run_grid_filter(const float* rows, uint32_t steps);

  const Kernels* kernels_;
  uint32_t width_ = 0;
  uint32_t height_ = 0;
  BoxFilter row_box_;
  BoxFilter column_box_;
  size_t stride_ = 0;  ///< Floats from row to row in strip_ and row_ring_.
  uint32_t rows_taken_ = 0;
  uint32_t column_step_ = 0;  ///< Steps taken by the first column filter.
  uint32_t grid_step_ = 0;    ///< Steps taken by the second one.
  uint32_t next_grid_row_ = 0;
  size_t ring_rows_ = 0;
  size_t ring_columns_ = 0;
  size_t grid_ring_rows_ = 0;
  bool finished_ = false;

  std::vector<Divisor> row_divisors_;     ///< By count.
  std::vector<Divisor> column_divisors_;  ///< By count.
  AlignedFloats strip_;                   ///< Luma of the strip that fills.
  AlignedFloats row_ring_;                ///< Row-filtered rows by turns, whole strips.
  AlignedFloats column_ring_;             ///< Columns of a strip by turns, for both row filters.
  AlignedFloats column_sums_;
  AlignedFloats zero_row_;
  AlignedFloats grid_ring_;  ///< Rows of kGridSide by turns, for the second column filter.
  AlignedFloats grid_;
  alignas(64) std::array<float, kStripRows * kGridSide> grid_rows_{};
  alignas(64) std::array<float, kGridSide> grid_sums_{};
};

}  // namespace safelight::pdq::internal
