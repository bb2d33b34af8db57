#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>

#include "safelight/picture/picture.h"

namespace safelight::traces {

/// A seeded chart with texture at all scales, as landscapes have: noise, smoothed at several scales
/// by filters that treat every pixel alike, so that nothing in it repeats.
inline Picture textured_chart(uint32_t width, uint32_t height, uint32_t seed,
                              uint32_t channels = 3) {
  std::mt19937 random(seed);
  const size_t row = size_t{width} * channels;
  std::vector<float> values(row * height, 128);
  std::vector<float> noise(values.size());
  for (const float memory : {0.97f, 0.85f, 0.5f, 0.0f}) {
    for (float& value : noise) value = static_cast<float>(random() % 2001) / 1000 - 1;
    for (size_t i = channels; i < noise.size(); ++i) noise[i] += memory * noise[i - channels];
    for (size_t i = row; i < noise.size(); ++i) noise[i] += memory * noise[i - row];
    // What the two filters make of noise has this standard deviation; each scale gets its own.
    const float deviation = 0.577f / (1 - memory * memory);
    const float strength = 3 + 20 * memory;
    for (size_t i = 0; i < noise.size(); ++i) values[i] += noise[i] / deviation * strength;
  }
  Picture picture;
  picture.shape = {width, height, channels};
  picture.samples.reserve(values.size());
  for (const float value : values) {
    picture.samples.push_back(static_cast<uint8_t>(std::clamp(std::lround(value), 0l, 255l)));
  }
  return picture;
}

/// The picture enlarged by `factor` with linear interpolation.
inline Picture enlarged(const Picture& picture, double factor) {
  const PictureShape& from = picture.shape;
  Picture out;
  out.shape = {static_cast<uint32_t>(from.width * factor),
               static_cast<uint32_t>(from.height * factor), from.channels};
  for (uint32_t y = 0; y < out.shape.height; ++y) {
    const double at_y = std::min(y / factor, from.height - 1.0);
    const auto top = static_cast<uint32_t>(at_y);
    const uint32_t bottom = std::min(top + 1, from.height - 1);
    for (uint32_t x = 0; x < out.shape.width; ++x) {
      const double at_x = std::min(x / factor, from.width - 1.0);
      const auto left = static_cast<uint32_t>(at_x);
      const uint32_t right = std::min(left + 1, from.width - 1);
      for (size_t c = 0; c < from.channels; ++c) {
        const auto value = [&](uint32_t px, uint32_t py) {
          return static_cast<double>(picture.row(py)[size_t{px} * from.channels + c]);
        };
        const double above =
            value(left, top) * (left + 1 - at_x) + value(right, top) * (at_x - left);
        const double below =
            value(left, bottom) * (left + 1 - at_x) + value(right, bottom) * (at_x - left);
        out.samples.push_back(
            static_cast<uint8_t>(std::lround(above * (top + 1 - at_y) + below * (at_y - top))));
      }
    }
  }
  return out;
}

/// The picture as a Bayer sensor would give it: every second green sample is the mean of its four
/// neighbours.
inline Picture with_interpolated_green(const Picture& picture) {
  Picture out = picture;
  const size_t row = picture.shape.row_bytes();
  for (size_t y = 1; y + 1 < picture.shape.height; ++y) {
    for (size_t x = 1 + y % 2; x + 1 < picture.shape.width; x += 2) {
      const size_t at = y * row + 3 * x + 1;
      const auto& s = picture.samples;
      out.samples[at] =
          static_cast<uint8_t>((s[at - 3] + s[at + 3] + s[at - row] + s[at + row]) / 4);
    }
  }
  return out;
}

}  // namespace safelight::traces
