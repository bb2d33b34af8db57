#include "safelight/codec/canvas.h"

#include <gtest/gtest.h>
#include <vector>

namespace safelight::codec {
namespace {

using Samples = std::vector<uint8_t>;

Samples shown(const Canvas& canvas) {
  DecodeRequest request;
  PictureOutput output(request);
  canvas.hand_out(output);
  auto decoded = std::move(output).finish(std::nullopt);
  EXPECT_TRUE(decoded);
  return decoded->nearest.samples;
}

const Samples kRed = {200, 10, 0, 255};
const Samples kClear = {9, 9, 9, 0};

TEST(Canvas, StartsBlack) {
  EXPECT_EQ(shown(Canvas(2, 1)), (Samples{0, 0}));  // one channel: black is grey
}

TEST(Canvas, DrawsAFrameAtItsPlaceAndCutsWhatHangsOver) {
  Canvas canvas(2, 1);
  canvas.show({1, 0, 2, 2}, Disposal::keep, Blend::replace,
              Samples{1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255, 10, 11, 12, 255});
  EXPECT_EQ(shown(canvas), (Samples{0, 0, 0, 1, 2, 3}));
  canvas.show({5, 5, 1, 1}, Disposal::keep, Blend::replace, kRed);
  EXPECT_EQ(shown(canvas), (Samples{0, 0, 0, 1, 2, 3}));
}

TEST(Canvas, KeepsWhatLiesUnderATransparentPixel) {
  Canvas canvas(1, 1);
  canvas.show({0, 0, 1, 1}, Disposal::keep, Blend::replace, kRed);
  canvas.show({0, 0, 1, 1}, Disposal::keep, Blend::over, kClear);
  EXPECT_EQ(shown(canvas), (Samples{200, 10, 0}));
  canvas.show({0, 0, 1, 1}, Disposal::keep, Blend::replace, kClear);
  EXPECT_EQ(shown(canvas), (Samples{9}));
}

TEST(Canvas, MixesAHalfTransparentPixel) {
  Canvas canvas(1, 1);
  canvas.show({0, 0, 1, 1}, Disposal::keep, Blend::replace, kRed);
  canvas.show({0, 0, 1, 1}, Disposal::keep, Blend::over, Samples{0, 110, 100, 51});  // a fifth
  EXPECT_EQ(shown(canvas), (Samples{160, 30, 20}));
}

TEST(Canvas, ClearsTheFrameBeforeWhereItSaysSo) {
  Canvas canvas(2, 1);
  canvas.show({0, 0, 1, 1}, Disposal::clear, Blend::replace, kRed);
  EXPECT_EQ(shown(canvas), (Samples{200, 10, 0, 0, 0, 0}));
  canvas.show({1, 0, 1, 1}, Disposal::keep, Blend::replace, kRed);
  EXPECT_EQ(shown(canvas), (Samples{0, 0, 0, 200, 10, 0}));
}

TEST(Canvas, RestoresWhatLayUnderTheFrameBefore) {
  Canvas canvas(1, 1);
  canvas.show({0, 0, 1, 1}, Disposal::keep, Blend::replace, kRed);
  canvas.show({0, 0, 1, 1}, Disposal::restore, Blend::replace, Samples{1, 2, 3, 255});
  EXPECT_EQ(shown(canvas), (Samples{1, 2, 3}));
  canvas.show({0, 0, 1, 1}, Disposal::keep, Blend::over, kClear);
  EXPECT_EQ(shown(canvas), (Samples{200, 10, 0}));
}

}  // namespace
}  // namespace safelight::codec
