#include "safelight/renditions/reducing_sink.h"

#include <gtest/gtest.h>

namespace safelight {
namespace {

/// Samples without a pattern.
Picture noise(uint32_t width, uint32_t height, uint32_t channels) {
  Picture picture{{width, height, channels}, {}};
  uint32_t state = 1;
  for (size_t i = 0; i < height * picture.shape.row_bytes(); ++i) {
    state = state * 1'664'525u + 1'013'904'223u;
    picture.samples.push_back(static_cast<uint8_t>(state >> 24));
  }
  return picture;
}

Picture reduced(const Picture& picture, uint32_t enough_side, uint32_t rows_at_once) {
  ReducingSink sink(enough_side);
  sink.begin(picture.shape);
  const size_t row_bytes = picture.shape.row_bytes();
  for (uint32_t y = 0; y < picture.shape.height; y += rows_at_once) {
    const uint32_t count = std::min(rows_at_once, picture.shape.height - y);
    sink.rows(y, std::span(picture.samples).subspan(y * row_bytes, count * row_bytes));
  }
  return std::move(sink).take();
}

/// Each pixel the mean of its square, written plainly.
Picture means_of_squares(const Picture& picture, uint32_t factor) {
  const PictureShape& from = picture.shape;
  Picture out{
      {(from.width + factor - 1) / factor, (from.height + factor - 1) / factor, from.channels}, {}};
  for (uint32_t top = 0; top < from.height; top += factor) {
    for (uint32_t left = 0; left < from.width; left += factor) {
      for (uint32_t c = 0; c < from.channels; ++c) {
        uint64_t sum = 0;
        uint64_t pixels = 0;
        for (uint32_t y = top; y < std::min(top + factor, from.height); ++y) {
          for (uint32_t x = left; x < std::min(left + factor, from.width); ++x, ++pixels)
            sum += picture.row(y)[size_t{x} * from.channels + c];
        }
        out.samples.push_back(static_cast<uint8_t>((sum + pixels / 2) / pixels));
      }
    }
  }
  return out;
}

TEST(ReducingSink, KeepsAMeanOfEachSquareHoweverRowsCome) {
  for (const uint32_t channels : {1u, 3u}) {
    for (const auto& [width, height] :
         {std::pair{100u, 77u}, {77u, 100u}, {101u, 3u}, {9u, 101u}}) {
      const Picture picture = noise(width, height, channels);
      for (const uint32_t rows_at_once : {1u, 7u, 1'000u}) {
        const Picture kept = reduced(picture, 20, rows_at_once);
        const Picture expected = means_of_squares(picture, 5);
        EXPECT_EQ(kept.shape, expected.shape);
        EXPECT_EQ(kept.samples, expected.samples);
      }
    }
  }
}

TEST(ReducingSink, LeavesTheLongerSideAsLongAsAsked) {
  for (uint32_t side = 1; side < 200; ++side) {
    const Picture kept = reduced(noise(side, 3, 1), 50, 1);
    EXPECT_GE(kept.shape.width, std::min(side, 50u));
    EXPECT_LT(kept.shape.width, 100u);
  }
}

TEST(ReducingSink, KeepsASmallPictureAsItIs) {
  const Picture picture = noise(39, 20, 3);
  EXPECT_EQ(reduced(picture, 20, 4).samples, picture.samples);
}

}  // namespace
}  // namespace safelight
