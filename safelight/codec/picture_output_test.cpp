#include "safelight/codec/picture_output.h"

#include <gtest/gtest.h>
#include <vector>

namespace safelight::codec {
namespace {

class Collector final : public RowSink {
 public:
  void begin(const PictureShape& shape) override { picture.shape = shape; }
  void rows(uint32_t first_row, std::span<const uint8_t> samples) override {
    EXPECT_EQ(first_row * picture.shape.row_bytes(), picture.samples.size());
    picture.samples.insert(picture.samples.end(), samples.begin(), samples.end());
  }
  Picture picture;
};

const Error kCut = Error::near(ErrorCode::truncated, "test.cut", 7);

TEST(PictureOutput, FeedsRowsAndNearestAlike) {
  Collector rows;
  DecodeRequest request{.limits = {}, .rows = &rows};
  PictureOutput output(request);
  output.begin({2, 2, 3});
  const std::vector<uint8_t> samples = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  output.rows(0, std::span(samples).first(6));
  output.rows(1, std::span(samples).last(6));
  const auto decoded = std::move(output).finish(std::nullopt);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(rows.picture.samples, samples);
  EXPECT_EQ(decoded->nearest.samples, samples);
  EXPECT_EQ(decoded->shape, (PictureShape{2, 2, 3}));
  EXPECT_FALSE(decoded->incomplete);
}

TEST(PictureOutput, HandsOutMissingRowsAsBlack) {
  Collector rows;
  DecodeRequest request{.limits = {}, .rows = &rows};
  PictureOutput output(request);
  output.begin({2, 3, 1});
  output.rows(0, std::vector<uint8_t>{9, 8});
  const auto decoded = std::move(output).finish(kCut);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->incomplete, kCut);
  EXPECT_EQ(rows.picture.samples, (std::vector<uint8_t>{9, 8, 0, 0, 0, 0}));
  EXPECT_EQ(decoded->nearest.samples, rows.picture.samples);
}

TEST(PictureOutput, HandsOutNoMissingRowAsStored) {
  Collector rows;
  Collector lossless;
  DecodeRequest request{.limits = {}, .rows = &rows, .lossless_rows = &lossless};
  PictureOutput output(request);
  ASSERT_TRUE(output.wants_lossless());
  output.begin_lossless({1, 2, 4});
  output.begin({1, 2, 3});
  output.lossless_rows(0, std::vector<uint8_t>{1, 2, 3, 4});
  output.rows(0, std::vector<uint8_t>{1, 2, 3});
  ASSERT_TRUE(std::move(output).finish(kCut));
  EXPECT_EQ(rows.picture.samples, (std::vector<uint8_t>{1, 2, 3, 0, 0, 0}));
  EXPECT_EQ(lossless.picture.samples, (std::vector<uint8_t>{1, 2, 3, 4}));
}

TEST(PictureOutput, NeedsEveryRowThatSomebodyTakes) {
  DecodeRequest request;
  PictureOutput nearest_alone(request);
  nearest_alone.begin({1, 1024, 1});
  EXPECT_FALSE(nearest_alone.needs(0) && nearest_alone.needs(1));
  Collector lossless;
  request.lossless_rows = &lossless;
  PictureOutput output(request);
  output.begin({1, 1024, 1});
  EXPECT_TRUE(output.needs(0) && output.needs(1));
}

TEST(PictureOutput, IsAnErrorWhereNoRowCame) {
  DecodeRequest request;
  PictureOutput output(request);
  output.begin({2, 3, 1});
  const auto decoded = std::move(output).finish(kCut);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error(), kCut);
}

TEST(PictureOutput, GivesNearestOneChannelWhereEveryPixelIsGrey) {
  DecodeRequest request;
  PictureOutput output(request);
  output.begin({2, 1, 3});
  output.rows(0, std::vector<uint8_t>{5, 5, 5, 6, 6, 6});
  const auto decoded = std::move(output).finish(std::nullopt);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->nearest.shape, (PictureShape{2, 1, 1}));
  EXPECT_EQ(decoded->nearest.samples, (std::vector<uint8_t>{5, 6}));
}

TEST(PictureOutput, KeepsThreeChannelsOfGreyWhereAskedTo) {
  DecodeRequest request;
  PictureOutput output(request);
  output.begin({2, 1, 3}, GreyPictures::three_channels);
  const std::vector<uint8_t> samples = {5, 5, 5, 6, 6, 6};
  output.rows(0, samples);
  const auto decoded = std::move(output).finish(std::nullopt);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->nearest.shape, (PictureShape{2, 1, 3}));
  EXPECT_EQ(decoded->nearest.samples, samples);
}

TEST(PictureOutput, NeedsOnlyTheRowsOfTheGridOnceAPixelHasColour) {
  DecodeRequest request;
  PictureOutput output(request);
  output.begin({1, 1024, 3});
  EXPECT_TRUE(output.needs(1));  // no colour yet: the next row may be the first to have some
  output.rows(0, std::vector<uint8_t>{1, 1, 2});
  EXPECT_FALSE(output.needs(1));
  EXPECT_TRUE(output.needs(2));
}

TEST(PictureOutput, NeedsEveryRowForARowSink) {
  Collector rows;
  DecodeRequest request{.limits = {}, .nearest = false, .rows = &rows};
  PictureOutput output(request);
  output.begin({1, 1024, 1});
  EXPECT_TRUE(output.needs(1));
  request.rows = nullptr;
  EXPECT_FALSE(output.needs(0));
}

TEST(CheckSize, NamesTheLimitAndThePlace) {
  const Limits limits{.max_pixels = 100, .max_side_pixels = 50, .max_decode_memory_bytes = 1000};
  EXPECT_TRUE(check_size(50, 2, limits, 16));
  EXPECT_EQ(check_size(51, 1, limits, 16).error(),
            Error::at(ErrorCode::limit_exceeded, "max_side_pixels", 16));
  EXPECT_EQ(check_size(50, 3, limits, 16).error(),
            Error::at(ErrorCode::limit_exceeded, "max_pixels", 16));
  EXPECT_EQ(check_size(0, 3, limits, 16).error(),
            Error::at(ErrorCode::malformed, "picture.empty", 16));
  EXPECT_TRUE(check_memory(500, 2, limits, 0));
  EXPECT_EQ(check_memory(501, 2, limits, 3).error(),
            Error::at(ErrorCode::limit_exceeded, "max_decode_memory_bytes", 3));
  EXPECT_FALSE(check_memory(~uint64_t{0}, 2, limits, 3));
}

TEST(Narrow, RoundsAsImageMagickDoes) {
  EXPECT_EQ(narrow_16_to_8(0), 0);
  EXPECT_EQ(narrow_16_to_8(256), 0);
  EXPECT_EQ(narrow_16_to_8(257), 1);
  EXPECT_EQ(narrow_16_to_8(0xfffe), 254);
  EXPECT_EQ(narrow_16_to_8(0xffff), 255);
  EXPECT_EQ(round_16_to_8(128), 0);
  EXPECT_EQ(round_16_to_8(129), 1);
  EXPECT_EQ(round_16_to_8(0xffff), 255);
}

}  // namespace
}  // namespace safelight::codec
