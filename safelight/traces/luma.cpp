#include "safelight/traces/luma.h"

#include <algorithm>

namespace safelight::traces {

Region middle(const PictureShape& shape, uint32_t max_side) {
  const uint32_t width = std::min(shape.width, max_side);
  const uint32_t height = std::min(shape.height, max_side);
  return {(shape.width - width) / 2 / 8 * 8, (shape.height - height) / 2 / 8 * 8, width, height};
}

bool is_whole(const Picture& picture) {
  const PictureShape& shape = picture.shape;
  return (shape.channels == 1 || shape.channels == 3) &&
         picture.samples.size() == shape.height * shape.row_bytes();
}

void luma_row(const Picture& picture, uint32_t y, uint32_t left, std::span<uint8_t> out) {
  const uint32_t channels = picture.shape.channels;
  const auto row = picture.row(y).subspan(size_t{left} * channels);
  if (channels == 1) {
    std::copy_n(row.begin(), out.size(), out.begin());
    return;
  }
  for (size_t x = 0; x < out.size(); ++x) {
    out[x] = static_cast<uint8_t>(
        (19595u * row[3 * x] + 38470u * row[3 * x + 1] + 7471u * row[3 * x + 2] + 32768u) >> 16);
  }
}

Region pixels_looked_at(const PictureShape& shape) { return middle(shape, kMaxSideLookedAt); }

}  // namespace safelight::traces
