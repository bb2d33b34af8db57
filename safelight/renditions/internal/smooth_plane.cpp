#include "safelight/renditions/internal/smooth_plane.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace safelight::renditions_internal {
namespace {

/// Weights of a kernel add up to this, so that a sum of values fits 32 bits.
constexpr uint32_t kUnit = 1u << 16;

/// The weights from the middle on; both sides are alike.
std::vector<uint32_t> gaussian(double sigma) {
  const auto radius = static_cast<size_t>(std::ceil(3 * sigma));
  std::vector<double> exact(radius + 1);
  for (size_t i = 0; i <= radius; ++i) {
    const double distance = static_cast<double>(i) / sigma;
    exact[i] = std::exp(-0.5 * distance * distance);
  }
  const double sum = 2 * std::accumulate(exact.begin(), exact.end(), 0.0) - exact[0];
  std::vector<uint32_t> weights(radius + 1);
  uint32_t sides = 0;
  for (size_t i = 1; i <= radius; ++i) {
    weights[i] = static_cast<uint32_t>(std::lround(exact[i] / sum * kUnit));
    sides += 2 * weights[i];
  }
  weights[0] = kUnit - sides;
  return weights;
}

/// Convolves each row and turns the plane over its diagonal, so that twice does both directions.
LumaPlane smoothed_and_transposed(const LumaPlane& plane, const std::vector<uint32_t>& weights) {
  const size_t radius = weights.size() - 1;
  LumaPlane out{plane.height, plane.width, std::vector<uint16_t>(plane.values.size())};
  std::vector<uint16_t> padded(plane.width + 2 * radius);
  for (uint32_t y = 0; y < plane.height; ++y) {
    const uint16_t* row = plane.values.data() + size_t{y} * plane.width;
    std::fill_n(padded.begin(), radius, row[0]);
    std::copy_n(row, plane.width, padded.begin() + static_cast<ptrdiff_t>(radius));
    std::fill_n(padded.end() - static_cast<ptrdiff_t>(radius), radius, row[plane.width - 1]);
    for (uint32_t x = 0; x < plane.width; ++x) {
      const uint16_t* middle = padded.data() + radius + x;
      uint32_t sum = kUnit / 2 + weights[0] * middle[0];
      for (size_t i = 1; i <= radius; ++i) {
        const auto step = static_cast<ptrdiff_t>(i);
        sum += weights[i] * (uint32_t{middle[-step]} + middle[step]);
      }
      out.values[size_t{x} * plane.height + y] = static_cast<uint16_t>(sum / kUnit);
    }
  }
  return out;
}

}  // namespace

LumaPlane luma_of(const Picture& picture) {
  const PictureShape& shape = picture.shape;
  if (shape.channels == 1) return channel_of(picture, 0);
  assert(shape.channels == 3);
  LumaPlane plane{shape.width, shape.height, {}};
  plane.values.reserve(size_t{shape.width} * shape.height);
  for (size_t i = 0; i < picture.samples.size(); i += 3) {
    const uint8_t* pixel = picture.samples.data() + i;
    plane.values.push_back(static_cast<uint16_t>(77 * pixel[0] + 150 * pixel[1] + 29 * pixel[2]));
  }
  return plane;
}

LumaPlane channel_of(const Picture& picture, uint32_t channel) {
  const PictureShape& shape = picture.shape;
  LumaPlane plane{shape.width, shape.height, {}};
  plane.values.reserve(size_t{shape.width} * shape.height);
  for (size_t i = channel; i < picture.samples.size(); i += shape.channels)
    plane.values.push_back(static_cast<uint16_t>(picture.samples[i] * 256));
  return plane;
}

Picture to_picture(const LumaPlane& plane) {
  Picture picture{{plane.width, plane.height, 1}, std::vector<uint8_t>(plane.values.size())};
  std::transform(plane.values.begin(), plane.values.end(), picture.samples.begin(),
                 [](uint16_t value) { return static_cast<uint8_t>((value + 128) / 256); });
  return picture;
}

LumaPlane smoothed(const LumaPlane& plane, double sigma) {
  const auto weights = gaussian(sigma);
  return smoothed_and_transposed(smoothed_and_transposed(plane, weights), weights);
}

}  // namespace safelight::renditions_internal
