#include "safelight/codec/still/webp/encode_webp.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <webp/encode.h>

#include "safelight/codec/still/webp/webp.h"
#include "safelight/picture/whole_picture.h"

namespace safelight::codec {
namespace {

Picture gradient(uint32_t width, uint32_t height, uint32_t channels) {
  Picture picture{{width, height, channels}, {}};
  for (uint32_t y = 0; y < height; ++y) {
    for (uint32_t x = 0; x < width; ++x) {
      for (uint32_t c = 0; c < channels; ++c)
        picture.samples.push_back(static_cast<uint8_t>(x + y / 2 + 20 * c));
    }
  }
  return picture;
}

Picture decoded(std::span<const std::byte> file) {
  WholePictureSink sink;
  DecodeRequest request;
  request.nearest = false;
  request.rows = &sink;
  EXPECT_TRUE(decode_webp(file, std::nullopt, request));
  return sink.picture;
}

TEST(EncodeWebp, ComesBackCloseToThePicture) {
  const Picture picture = gradient(97, 61, 3);
  const auto file = encode_webp(picture, 80);
  ASSERT_TRUE(file);
  const Picture back = decoded(*file);
  ASSERT_EQ(back.shape, picture.shape);
  uint64_t difference = 0;
  for (size_t i = 0; i < back.samples.size(); ++i)
    difference += static_cast<uint64_t>(std::abs(back.samples[i] - picture.samples[i]));
  EXPECT_LT(difference, 4 * back.samples.size());
  EXPECT_LT(encode_webp(picture, 10)->size(), file->size());
}

TEST(EncodeWebp, GivesTheFileThatTheLibraryMakesByDefault) {
  const Picture picture = gradient(97, 61, 3);
  uint8_t* plain = nullptr;
  const size_t size = WebPEncodeRGB(picture.samples.data(), 97, 61, 3 * 97, 80, &plain);
  const auto bytes = std::as_bytes(std::span(plain, size));
  EXPECT_EQ(*encode_webp(picture, 80), std::vector<std::byte>(bytes.begin(), bytes.end()));
  WebPFree(plain);
}

TEST(EncodeWebp, QuicklyItIsStillClose) {
  const Picture picture = gradient(97, 61, 3);
  const Picture back = decoded(*encode_webp(picture, 80, WebpEffort::quick));
  ASSERT_EQ(back.shape, picture.shape);
  uint64_t difference = 0;
  for (size_t i = 0; i < back.samples.size(); ++i)
    difference += static_cast<uint64_t>(std::abs(back.samples[i] - picture.samples[i]));
  EXPECT_LT(difference, 4 * back.samples.size());
}

TEST(EncodeWebp, WithoutLossEverySampleComesBack) {
  const Picture picture = gradient(97, 61, 3);
  EXPECT_EQ(decoded(*encode_lossless_webp(picture)).samples, picture.samples);
  EXPECT_EQ(decoded(*encode_lossless_webp(gradient(40, 30, 1))).shape, (PictureShape{40, 30, 3}));
  EXPECT_FALSE(encode_lossless_webp({{0, 0, 3}, {}}));
}

TEST(EncodeWebp, AGreyPictureComesBackInThreeChannels) {
  const auto file = encode_webp(gradient(40, 30, 1), 80);
  ASSERT_TRUE(file);
  EXPECT_EQ(decoded(*file).shape, (PictureShape{40, 30, 3}));
}

TEST(EncodeWebp, ASideOverTheFormatsIsAnError) {
  const auto file = encode_webp({{16'384, 1, 1}, std::vector<uint8_t>(16'384)}, 80);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error(), (Error{ErrorCode::limit_exceeded, "webp.side-pixels"}));
  EXPECT_FALSE(encode_webp({{0, 0, 3}, {}}, 80));
}

}  // namespace
}  // namespace safelight::codec
