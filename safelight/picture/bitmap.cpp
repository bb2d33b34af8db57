#include "safelight/picture/bitmap.h"

#include <algorithm>
#include <cassert>

#include "safelight/base/byte_writer.h"

namespace safelight {
namespace {

constexpr uint32_t kHeaderBytes = 14 + 40;
constexpr uint64_t kMaxSide = (uint64_t{1} << 31) - 1;
constexpr uint64_t kMaxBytes = (uint64_t{1} << 32) - 1;

/// Rows are filled up to 4 bytes.
uint64_t row_bytes(const PictureShape& shape) { return (uint64_t{shape.width} * 3 + 3) / 4 * 4; }

/// BITMAPFILEHEADER and BITMAPINFOHEADER; a negative height says that the top comes first.
std::vector<std::byte> header(const PictureShape& shape) {
  ByteWriter out;
  out.u8('B');
  out.u8('M');
  out.u32_le(static_cast<uint32_t>(bitmap_bytes(shape)));
  out.u32_le(0);
  out.u32_le(kHeaderBytes);
  out.u32_le(40);
  out.u32_le(shape.width);
  out.u32_le(0 - shape.height);
  out.u16_le(1);
  out.u16_le(24);
  for (int i = 0; i < 6; ++i) out.u32_le(0);
  return std::move(out).take();
}

}  // namespace

uint64_t bitmap_bytes(const PictureShape& shape) {
  if (shape.width == 0 || shape.height == 0 || shape.width > kMaxSide || shape.height > kMaxSide) {
    return 0;
  }
  if (shape.channels != 1 && shape.channels != 3) return 0;
  const uint64_t row = row_bytes(shape);
  if (row > (kMaxBytes - kHeaderBytes) / shape.height) return 0;
  return kHeaderBytes + row * shape.height;
}

void write_bitmap(const Picture& picture, std::span<std::byte> out) {
  const PictureShape& shape = picture.shape;
  assert(out.size() == bitmap_bytes(shape) && !out.empty());
  const std::vector<std::byte> begin = header(shape);
  std::copy(begin.begin(), begin.end(), out.begin());
  for (uint32_t y = 0; y < shape.height; ++y) {
    const auto from = picture.row(y);
    const auto to = out.subspan(kHeaderBytes + y * row_bytes(shape), row_bytes(shape));
    for (size_t x = 0; x < shape.width; ++x) {
      // Blue comes first.
      for (size_t c = 0; c < 3; ++c) {
        const size_t channel = shape.channels == 3 ? 2 - c : 0;
        to[3 * x + c] = static_cast<std::byte>(from[x * shape.channels + channel]);
      }
    }
    std::fill(to.begin() + 3 * shape.width, to.end(), std::byte{0});
  }
}

}  // namespace safelight
