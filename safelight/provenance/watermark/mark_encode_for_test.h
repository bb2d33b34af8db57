#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <string_view>

#include "safelight/picture/picture.h"

namespace safelight::provenance {

/// An ordinary chart: soft waves in each colour with a little noise, away from black and white, and
/// a blue spot of 2x2 pixels in each 8x8, without which a mark would not outlast rounding.
inline Picture colour_chart(uint32_t width, uint32_t height, uint32_t seed) {
  std::mt19937 random(seed);
  Picture picture;
  picture.shape = {width, height, 3};
  picture.samples.reserve(height * picture.shape.row_bytes());
  for (uint32_t y = 0; y < height; ++y) {
    for (uint32_t x = 0; x < width; ++x) {
      for (uint32_t c = 0; c < 3; ++c) {
        const bool spot = c == 2 && y % 8 / 2 == 1 && x % 8 / 2 == (x / 8 + y / 8 * 3) % 4;
        const double wave =
            (spot ? 70 : 0) + 30 * std::sin(0.021 * x + c + seed) * std::cos(0.017 * y - c);
        const double noise = static_cast<double>(random() % 1000) / 250 - 2;
        picture.samples.push_back(static_cast<uint8_t>(std::lround(110 + wave + noise)));
      }
    }
  }
  return picture;
}

/// Marks a picture after the public scheme, on U = 0.492 (B - Y) + `offset`: in each block of 8x8
/// pixels the largest low-band coefficient but the first goes to the middle of a half step.
inline void embed_mark(Picture& picture, std::string_view bits, double offset) {
  constexpr double kStep = 36;
  const PictureShape& shape = picture.shape;
  size_t next = 0;
  for (uint32_t top = 0; top + 8 <= shape.height; top += 8) {
    for (uint32_t left = 0; left + 8 <= shape.width; left += 8) {
      const auto pixel = [&](size_t place, size_t i) {
        const size_t y = top + place / 4 * 2 + i / 2;
        const size_t x = left + place % 4 * 2 + i % 2;
        return &picture.samples[y * shape.row_bytes() + x * 3];
      };
      std::array<double, 16> band{};
      for (size_t place = 0; place < 16; ++place) {
        for (size_t i = 0; i < 4; ++i) {
          const uint8_t* p = pixel(place, i);
          const double luma = 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];
          band[place] += (0.492 * (p[2] - luma) + offset) / 2;
        }
      }
      size_t largest = 1;
      for (size_t place = 2; place < 16; ++place) {
        if (std::abs(band[place]) > std::abs(band[largest])) largest = place;
      }
      const double bit = bits[next++ % bits.size()] == '1' ? 1 : 0;
      const double size = std::abs(band[largest]);
      const double target = (std::floor(size / kStep) + 0.25 + 0.5 * bit) * kStep;
      const double change = (band[largest] < 0 ? size - target : target - size) / 2;
      for (size_t i = 0; i < 4; ++i) {
        uint8_t* p = pixel(largest, i);
        const auto moved = [](uint8_t sample, double by) {
          return static_cast<uint8_t>(std::clamp(std::lround(sample + by), 0l, 255l));
        };
        p[1] = moved(p[1], -0.114 / 0.587 / 0.492 * change);
        p[2] = moved(p[2], change / 0.492);
      }
    }
  }
}

}  // namespace safelight::provenance
