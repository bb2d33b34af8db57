#include "safelight/picture/grey.h"

#include <gtest/gtest.h>

namespace safelight {
namespace {

const Picture kGrey = {{2, 2, 3}, {1, 1, 1, 2, 2, 2, 3, 3, 3, 255, 255, 255}};

TEST(AllGrey, SeesAnyChannelOfAnyPixelThatDiffers) {
  EXPECT_TRUE(all_grey(kGrey.samples));
  for (size_t i = 0; i < kGrey.samples.size(); ++i) {
    auto samples = kGrey.samples;
    --samples[i];
    EXPECT_FALSE(all_grey(samples)) << i;
  }
  EXPECT_TRUE(all_grey({}));
}

TEST(FirstChannel, KeepsOneSampleOfEachPixel) {
  const Picture one = first_channel(kGrey);
  EXPECT_EQ(one.shape, (PictureShape{2, 2, 1}));
  EXPECT_EQ(one.samples, (std::vector<uint8_t>{1, 2, 3, 255}));
}

}  // namespace
}  // namespace safelight
