#pragma once

#include <random>
#include <vector>

#include "safelight/base/simd.h"
#include "safelight/picture/picture.h"

/// What the tests, the fuzz target and the benchmarks of this module share.
namespace safelight::pdq::internal {

/// Every level that this machine has.
inline std::vector<SimdLevel> testable_levels() {
  std::vector<SimdLevel> levels;
  for (const SimdLevel level : {SimdLevel::scalar, SimdLevel::avx2, SimdLevel::avx512}) {
    if (level <= detect_simd_level()) levels.push_back(level);
  }
  return levels;
}

enum class Content { noise, gradient, black_and_white, flat };

/// A wave of period 1000 that rises to 1000 and falls again in straight lines.
inline size_t ridge(size_t at) {
  const size_t phase = 2 * (at % 1000);
  return phase < 1000 ? phase : 2000 - phase;
}

inline Picture make_picture(PictureShape shape, Content content, uint64_t seed) {
  std::mt19937_64 random(seed);
  Picture picture{shape, std::vector<uint8_t>(shape.height * shape.row_bytes())};
  const auto flat = static_cast<uint8_t>(random());
  for (uint32_t y = 0; y < shape.height; ++y) {
    for (size_t at = 0; at < shape.row_bytes(); ++at) {
      // Ridges of three directions, in whole numbers so that no math library changes them.
      const size_t across = at * 1000 / shape.row_bytes();
      const size_t down = size_t{y} * 1000 / shape.height;
      const size_t ridges =
          ridge(3 * across + down) + ridge(2 * down) + ridge(down + 5000 - across);
      uint8_t& sample = picture.samples[y * shape.row_bytes() + at];
      switch (content) {
        case Content::noise:
          sample = static_cast<uint8_t>(random());
          break;
        case Content::gradient:
          sample = static_cast<uint8_t>(5 + ridges / 13 + random() % 9);
          break;
        case Content::black_and_white:
          sample = random() % 2 == 0 ? 0 : 255;
          break;
        case Content::flat:
          sample = flat;
          break;
      }
    }
  }
  return picture;
}

}  // namespace safelight::pdq::internal
