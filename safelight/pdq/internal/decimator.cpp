#include "safelight/pdq/internal/decimator.h"

#include <algorithm>
#include <bit>

namespace safelight::pdq::internal {
namespace {

constexpr size_t kCacheLineFloats = 16;

constexpr size_t round_up(size_t value, size_t to) { return (value + to - 1) / to * to; }

std::vector<Divisor> divisors_up_to(uint32_t window) {
  std::vector<Divisor> divisors(window + 1);
  for (uint32_t count = 1; count <= window; ++count) divisors[count] = Divisor::of(count);
  return divisors;
}

}  // namespace

void Decimator::begin(uint32_t width, uint32_t height) {
  width_ = width;
  height_ = height;
  row_box_ = BoxFilter::for_side(width);
  column_box_ = BoxFilter::for_side(height);
  // An odd number of cache lines, so that a column of a strip does not fall into one cache set.
  stride_ = round_up(width, kColumnChunk) + kCacheLineFloats;
  ring_rows_ = round_up(column_box_.window, kStripRows) + kStripRows;
  ring_columns_ = std::bit_ceil(size_t{row_box_.window} + kColumnChunk);
  grid_ring_rows_ = std::bit_ceil(size_t{column_box_.window} + 1);
  rows_taken_ = column_step_ = grid_step_ = next_grid_row_ = 0;
  finished_ = false;

  row_divisors_ = divisors_up_to(row_box_.window);
  column_divisors_ = divisors_up_to(column_box_.window);
  strip_.reserve(kStripRows * stride_);
  row_ring_.reserve(ring_rows_ * stride_);
  column_ring_.reserve(ring_columns_ * kStripRows);
  column_sums_.reserve(stride_);
  zero_row_.reserve(std::max<size_t>(stride_, kGridSide));
  grid_ring_.reserve(grid_ring_rows_ * kGridSide);
  grid_.reserve(kGridSide * kGridSide);
  std::fill_n(column_sums_.data(), stride_, 0.0f);
  grid_sums_.fill(0.0f);
}

void Decimator::take_row() {
  ++rows_taken_;
  if (rows_taken_ % kStripRows == 0 || rows_taken_ == height_) {
    run_row_filter(strip_.data(), stride_);
    run_column_filter();
  }
}

void Decimator::take_rows(const float* rows, uint32_t count) {
  while (count > 0) {
    // Whole strips are read where they lie, if the filters' octets do not reach past a row's end.
    if (rows_taken_ % kStripRows == 0 && count >= kStripRows && width_ % kOctet == 0) {
      rows_taken_ += kStripRows;
      run_row_filter(rows, width_);
      run_column_filter();
      rows += size_t{kStripRows} * width_;
      count -= kStripRows;
    } else {
      std::copy_n(rows, width_, next_row());
      take_row();
      rows += width_;
      --count;
    }
  }
}

void Decimator::run_row_filter(const float* in, size_t in_stride) {
  RowFilterJob job;
  job.in = in;
  job.in_stride = in_stride;
  job.out = row_ring_.data() + (column_step_ % ring_rows_) * stride_;
  job.out_stride = stride_;
  job.box = row_box_;
  job.divisors = row_divisors_.data();
  job.ring = column_ring_.data();
  job.ring_columns = ring_columns_;
  job.zeros = zero_row_.data();
  kernels_->filter_rows(job);
}

void Decimator::run_column_filter() {
  std::array<const float*, kStripRows> added;
  std::array<const float*, kStripRows> subtracted;
  std::array<Divisor, kStripRows> divisors;
  ColumnFilterJob job;
  job.powers_of_two = true;
  // The strip lies together in the ring; what leaves the window may wrap around.
  size_t joins = column_step_ % ring_rows_;
  size_t leaves = (column_step_ + ring_rows_ - column_box_.window) % ring_rows_;
  for (uint32_t row = 0; row < kStripRows; ++row) {
    const uint32_t step = column_step_ + row;
    added[row] = step < height_ ? row_ring_.data() + joins * stride_ : zero_row_.data();
    subtracted[row] =
        step >= column_box_.window ? row_ring_.data() + leaves * stride_ : zero_row_.data();
    ++joins;
    if (++leaves == ring_rows_) leaves = 0;
    // Steps past the last are not kept; any divisor does.
    const uint32_t count = step < column_box_.steps() ? column_box_.count(step) : 1;
    divisors[row] = column_divisors_[count];
    job.powers_of_two = job.powers_of_two && (count & (count - 1)) == 0;
  }
  job.added = added.data();
  job.subtracted = subtracted.data();
  job.step_divisors = divisors.data();
  job.sums = column_sums_.data();
  job.row_box = row_box_;
  job.ring = column_ring_.data();
  job.ring_columns = ring_columns_;
  job.zeros = zero_row_.data();
  job.out = grid_rows_.data();
  kernels_->filter_columns(job);
  // The first steps have no output yet, and those past the last none any more.
  const uint32_t first = std::max(column_step_, column_box_.lead());
  const uint32_t end = std::min(column_step_ + kStripRows, column_box_.steps());
  if (first < end) {
    run_grid_filter(grid_rows_.data() + (first - column_step_) * kGridSide, end - first);
  }
  column_step_ += kStripRows;
}

void Decimator::run_grid_filter(const float* rows, uint32_t steps) {
  GridFilterJob job;
  job.rows = rows;
  job.first_step = grid_step_;
  job.end_step = grid_step_ + steps;
  job.box = column_box_;
  job.ring = grid_ring_.data();
  job.ring_rows = grid_ring_rows_;
  job.zeros = zero_row_.data();
  job.sums = grid_sums_.data();
  job.next_grid_row = next_grid_row_;
  job.grid = grid_.data();
  next_grid_row_ = kernels_->filter_grid(job);
  grid_step_ += steps;
}

const float* Decimator::finish() {
  if (!finished_) {
    while (column_step_ < column_box_.steps()) run_column_filter();
    run_grid_filter(nullptr, column_box_.lead());
    finished_ = true;
  }
  return grid_.data();
}

}  // namespace safelight::pdq::internal
