#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "safelight/codec/still/jpeg/jpeg_encode_for_test.h"

namespace safelight::e2e {

/// Squares of random colours: charts of two seeds look nothing like each other.
inline std::vector<std::byte> square_chart(uint32_t seed, int quality = 85, uint32_t channels = 3) {
  constexpr uint32_t kSide = 256;
  constexpr uint32_t kSquares = 8;
  std::mt19937 random(seed);
  std::vector<uint8_t> colours(size_t{kSquares} * kSquares * channels);
  for (uint8_t& colour : colours) colour = static_cast<uint8_t>(random());
  std::vector<uint8_t> samples;
  for (uint32_t y = 0; y < kSide; ++y) {
    for (uint32_t x = 0; x < kSide; ++x) {
      const uint32_t square = y * kSquares / kSide * kSquares + x * kSquares / kSide;
      for (uint32_t c = 0; c < channels; ++c) samples.push_back(colours[square * channels + c]);
    }
  }
  return codec::encode_jpeg(
      samples, {.width = kSide, .height = kSide, .channels = channels, .quality = quality});
}

}  // namespace safelight::e2e
