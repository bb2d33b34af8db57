#include "safelight/traces/luma.h"

#include <gtest/gtest.h>
#include <random>
#include <vector>

namespace safelight::traces {
namespace {

TEST(Luma, IsTheWeightedSumOfEachPixelInRowsOfEveryLength) {
  std::mt19937 random(1);
  for (uint32_t width = 1; width <= 20; ++width) {
    Picture picture{{width, 2, 3}, {}};
    for (uint32_t i = 0; i < width * 6; ++i) {
      picture.samples.push_back(static_cast<uint8_t>(i < 6 ? 255 : random()));
    }
    for (uint32_t left = 0; left < width; ++left) {
      std::vector<uint8_t> luma(width - left);
      luma_row(picture, 1, left, luma);
      for (uint32_t x = left; x < width; ++x) {
        const auto row = picture.row(1);
        const double exact = 0.299 * row[3 * x] + 0.587 * row[3 * x + 1] + 0.114 * row[3 * x + 2];
        // Shares are rounded to 2^-16, and the sum to a whole number.
        ASSERT_NEAR(luma[x - left], exact, 0.51) << width << " " << x;
      }
    }
  }
}

TEST(Luma, OfAGreyPictureIsItsSamples) {
  const Picture picture{{3, 2, 1}, {1, 2, 3, 4, 5, 6}};
  std::vector<uint8_t> luma(2);
  luma_row(picture, 1, 1, luma);
  EXPECT_EQ(luma, (std::vector<uint8_t>{5, 6}));
}

}  // namespace
}  // namespace safelight::traces
