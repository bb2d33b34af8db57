#include "safelight/traces/luma.h"

#include <algorithm>

namespace safelight::traces {
namespace {

/// Shares of a channel in luma, of 2^16.
constexpr uint64_t kRed = 19595;
constexpr uint64_t kGreen = 38470;
constexpr uint64_t kBlue = 7471;
constexpr uint64_t kHalf = 1 << 15;

}  // namespace

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
  // Two pixels in the halves of one word: a sum stays under 2^24.
  size_t x = 0;
  for (; x + 2 <= out.size(); x += 2) {
    const uint8_t* const pair = row.data() + 3 * x;
    const auto both = [pair](size_t c) { return pair[c] | uint64_t{pair[c + 3]} << 32; };
    const uint64_t sums =
        kRed * both(0) + kGreen * both(1) + kBlue * both(2) + (kHalf << 32 | kHalf);
    out[x] = static_cast<uint8_t>(sums >> 16);
    out[x + 1] = static_cast<uint8_t>(sums >> 48);
  }
  for (; x < out.size(); ++x) {
    const uint64_t sum = kRed * row[3 * x] + kGreen * row[3 * x + 1] + kBlue * row[3 * x + 2];
    out[x] = static_cast<uint8_t>((sum + kHalf) >> 16);
  }
}

Region pixels_looked_at(const PictureShape& shape) { return middle(shape, kMaxSideLookedAt); }

}  // namespace safelight::traces
