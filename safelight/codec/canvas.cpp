#include "safelight/codec/canvas.h"

#include <algorithm>

namespace safelight::codec {
namespace {

constexpr uint32_t kOpaque = 255;

/// Porter-Duff "over" for samples that are not multiplied by alpha.
void draw_over(const uint8_t* top, uint8_t* under) {
  const uint32_t alpha = top[3];
  if (alpha == 0) return;
  if (alpha == kOpaque || under[3] == 0) {
    std::copy_n(top, 4, under);
    return;
  }
  const uint32_t under_weight = under[3] * (kOpaque - alpha);  // in 1/255 of an alpha step
  const uint32_t weight = alpha * kOpaque + under_weight;
  for (int c = 0; c < 3; ++c) {
    const uint32_t sum = top[c] * alpha * kOpaque + under[c] * under_weight;
    under[c] = static_cast<uint8_t>((sum + weight / 2) / weight);
  }
  under[3] = static_cast<uint8_t>((weight + kOpaque / 2) / kOpaque);
}

}  // namespace

Canvas::Canvas(uint32_t width, uint32_t height)
    : width_(width), height_(height), rgba_(size_t{width} * height * 4) {}

void Canvas::dispose() {
  const size_t row_bytes = size_t{last_place_.width} * 4;
  for (uint32_t y = 0; y < last_place_.height; ++y) {
    uint8_t* row = rgba_.data() + offset(last_place_.x, last_place_.y + y);
    if (last_disposal_ == Disposal::clear) std::fill_n(row, row_bytes, uint8_t{0});
    if (last_disposal_ == Disposal::restore) {
      std::copy_n(under_last_.data() + y * row_bytes, row_bytes, row);
    }
  }
}

void Canvas::show(const FramePlace& place, Disposal disposal, Blend blend,
                  std::span<const uint8_t> rgba) {
  dispose();
  last_disposal_ = disposal;
  last_place_ = {};
  under_last_.clear();
  if (place.x >= width_ || place.y >= height_) return;
  last_place_ = {place.x, place.y, std::min(place.width, width_ - place.x),
                 std::min(place.height, height_ - place.y)};
  for (uint32_t y = 0; y < last_place_.height; ++y) {
    uint8_t* row = rgba_.data() + offset(place.x, place.y + y);
    const uint8_t* frame = rgba.data() + size_t{y} * place.width * 4;
    const size_t row_bytes = size_t{last_place_.width} * 4;
    if (disposal == Disposal::restore) {
      under_last_.insert(under_last_.end(), row, row + row_bytes);
    }
    if (blend == Blend::replace) {
      std::copy_n(frame, row_bytes, row);
    } else {
      for (size_t i = 0; i < row_bytes; i += 4) draw_over(frame + i, row + i);
    }
  }
}

void Canvas::hand_out(PictureOutput& output) const {
  output.begin({width_, height_, 3});
  std::vector<uint8_t> rgb(size_t{width_} * 3);
  for (uint32_t y = 0; y < height_; ++y) {
    const uint8_t* in = rgba_.data() + offset(0, y);
    for (size_t x = 0; x < width_; ++x) std::copy_n(in + 4 * x, 3, rgb.data() + 3 * x);
    output.rows(y, rgb);
  }
}

}  // namespace safelight::codec
