#include "safelight/synthesis/cues/equalised.h"

#include <gtest/gtest.h>
#include <random>

namespace safelight::synthesis {
namespace {

Picture noise(uint32_t width, uint32_t height, uint32_t channels) {
  std::mt19937 random(width * 7 + height);
  Picture picture;
  picture.shape = {width, height, channels};
  picture.samples.resize(height * picture.shape.row_bytes());
  for (uint8_t& sample : picture.samples) sample = static_cast<uint8_t>(random());
  return picture;
}

Picture all_of(const Picture& picture) {
  const PictureShape& shape = picture.shape;
  return equalised(picture, {0, 0, shape.width, shape.height}, shape, kEqualisedSide);
}

/// The plain way: the overlap of every new pixel with every source pixel.
int mean_over_area(const Picture& picture, const PictureShape& to, uint32_t x, uint32_t y,
                   uint32_t channel) {
  const double wide = static_cast<double>(picture.shape.width) / to.width;
  const double high = static_cast<double>(picture.shape.height) / to.height;
  const auto overlap = [](double begin, double end, uint32_t pixel) {
    return std::max(0.0, std::min(end, pixel + 1.0) - std::max<double>(begin, pixel));
  };
  double sum = 0;
  for (uint32_t py = 0; py < picture.shape.height; ++py) {
    const double down = overlap(y * high, (y + 1) * high, py);
    if (down <= 0) continue;
    for (uint32_t px = 0; px < picture.shape.width; ++px) {
      sum += down * overlap(x * wide, (x + 1) * wide, px) *
             picture.row(py)[size_t{px} * picture.shape.channels + channel];
    }
  }
  return static_cast<int>(sum / (wide * high) + 0.5);
}

TEST(EqualisedShape, KeepsTheRatioOfSidesAndNeverEnlarges) {
  EXPECT_EQ(equalised_shape({4000, 3000, 3}), (PictureShape{1024, 768, 3}));
  EXPECT_EQ(equalised_shape({3000, 4000, 3}), (PictureShape{768, 1024, 3}));
  EXPECT_EQ(equalised_shape({1024, 600, 3}), (PictureShape{1024, 600, 3}));
  EXPECT_EQ(equalised_shape({65535, 1, 1}), (PictureShape{1024, 1, 1}));
}

TEST(Equalised, IsTheMeanOverTheAreaOfEachPixel) {
  for (const auto& [width, height, channels] :
       {std::tuple{1500u, 37u, 3u}, {1025u, 20u, 1u}, {13u, 4096u, 3u}}) {
    const Picture picture = noise(width, height, channels);
    const Picture out = all_of(picture);
    ASSERT_EQ(out.shape, equalised_shape(picture.shape));
    for (uint32_t i = 0; i < 400; ++i) {
      const uint32_t x = i * 37 % out.shape.width;
      const uint32_t y = i * 11 % out.shape.height;
      const uint32_t c = i % channels;
      // Half-way values may round either way here.
      EXPECT_NEAR(out.row(y)[size_t{x} * channels + c], mean_over_area(picture, out.shape, x, y, c),
                  1);
    }
  }
}

TEST(Equalised, LeavesASmallPictureAsItIs) {
  const Picture picture = noise(50, 1024, 3);
  EXPECT_EQ(all_of(picture).samples, picture.samples);
}

TEST(Equalised, GivesOfAPartWhatTheWholeGivesThere) {
  const Picture whole = noise(2300, 40, 3);
  const traces::Region where{120, 8, 2048, 24};
  Picture part;
  part.shape = {where.width, where.height, 3};
  for (uint32_t y = 0; y < where.height; ++y) {
    const auto row = whole.row(where.top + y).subspan(where.left * 3, part.shape.row_bytes());
    part.samples.insert(part.samples.end(), row.begin(), row.end());
  }
  const Picture all = all_of(whole);
  const Picture some = equalised(part, where, whole.shape, 100);
  ASSERT_EQ(some.shape.width, 100u);
  // New rows 4 to 13 lie in source rows 8 to 31; columns 54 to 964 in 120 to 2167.
  ASSERT_EQ(some.shape.height, 10u);
  for (uint32_t y = 0; y < some.shape.height; ++y) {
    for (uint32_t i = 0; i < 300; ++i) {
      EXPECT_EQ(some.row(y)[i], all.row(4 + y)[(54 + (965 - 54 - 100) / 2) * 3 + i]);
    }
  }
}

TEST(Equalised, IsEmptyOfAPartThatCoversNoPixel) {
  const Picture part = noise(3, 3, 3);
  const Picture out = equalised(part, {1, 1, 3, 3}, {8192, 8192, 3}, 512);
  EXPECT_TRUE(out.samples.empty());
  EXPECT_EQ(out.shape.width, 0u);
}

}  // namespace
}  // namespace safelight::synthesis
