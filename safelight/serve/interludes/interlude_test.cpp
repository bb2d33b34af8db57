#include "safelight/serve/interludes/interlude.h"

#include <gtest/gtest.h>
#include <set>

namespace safelight::serve {
namespace {

TEST(Interlude, IsTheSameEachTimeAndAnotherForEachNumber) {
  std::set<std::vector<uint8_t>> drawn;
  for (uint32_t number = 0; number < 50; ++number) {
    const Picture picture = draw_interlude(number);
    EXPECT_EQ(picture.shape, (PictureShape{480, 320, 3}));
    EXPECT_EQ(picture.samples.size(), 480u * 320 * 3);
    EXPECT_EQ(draw_interlude(number).samples, picture.samples);
    drawn.insert(picture.samples);
  }
  EXPECT_EQ(drawn.size(), 50u);
}

TEST(Interlude, HasASkyAboveHills) {
  for (uint32_t number = 0; number < 20; ++number) {
    const Picture picture = draw_interlude(number);
    const auto brightness = [&](uint32_t y) {
      uint64_t sum = 0;
      for (const uint8_t sample : picture.row(y)) sum += sample;
      return sum / picture.shape.row_bytes();
    };
    EXPECT_GT(brightness(90), brightness(310)) << number;
  }
}

}  // namespace
}  // namespace safelight::serve
