#include "safelight/picture/nearest.h"

#include <algorithm>

namespace safelight {
namespace {

std::vector<uint32_t> nearest_positions(uint32_t source_side, bool reduce) {
  std::vector<uint32_t> positions(reduce ? kNearestSide : source_side);
  for (uint32_t i = 0; i < positions.size(); ++i) {
    // floor(i * side / 512) in exact arithmetic; the reference computes the same in double, where
    // the division by a power of two is exact.
    positions[i] = reduce ? static_cast<uint32_t>(uint64_t{i} * source_side / kNearestSide) : i;
  }
  return positions;
}

}  // namespace

NearestGrid NearestGrid::for_shape(uint32_t width, uint32_t height) {
  const bool reduce = width > kNearestSide || height > kNearestSide;
  return {nearest_positions(width, reduce), nearest_positions(height, reduce)};
}

void NearestSink::begin(const PictureShape& shape) {
  source_ = shape;
  grid_ = NearestGrid::for_shape(shape.width, shape.height);
  next_row_ = 0;
  picture_.shape = {static_cast<uint32_t>(grid_.columns.size()),
                    static_cast<uint32_t>(grid_.rows.size()), shape.channels};
  picture_.samples.assign(picture_.shape.height * picture_.shape.row_bytes(), 0);
}

void NearestSink::rows(uint32_t first_row, std::span<const uint8_t> samples) {
  const size_t row_bytes = source_.row_bytes();
  const uint32_t end_row = first_row + static_cast<uint32_t>(samples.size() / row_bytes);
  while (next_row_ < grid_.rows.size() && grid_.rows[next_row_] < first_row) ++next_row_;
  for (; next_row_ < grid_.rows.size() && grid_.rows[next_row_] < end_row; ++next_row_) {
    const uint8_t* in = samples.data() + (grid_.rows[next_row_] - first_row) * row_bytes;
    uint8_t* out = picture_.samples.data() + next_row_ * picture_.shape.row_bytes();
    if (grid_.columns.size() == source_.width) {
      // As many columns as the source has are all of them.
      std::copy_n(in, row_bytes, out);
    } else if (source_.channels == 3) {
      // One by one: a copy of three bytes is a call.
      for (const uint32_t column : grid_.columns) {
        const uint8_t* pixel = in + size_t{3} * column;
        *out++ = pixel[0];
        *out++ = pixel[1];
        *out++ = pixel[2];
      }
    } else {
      for (const uint32_t column : grid_.columns) *out++ = in[column];
    }
  }
}

}  // namespace safelight
