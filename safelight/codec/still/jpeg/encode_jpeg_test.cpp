#include "safelight/codec/still/jpeg/encode_jpeg.h"

#include <gtest/gtest.h>

#include "safelight/codec/still/jpeg/jpeg_encode_for_test.h"

namespace safelight::codec {
namespace {

Picture chart(uint32_t width, uint32_t height, uint32_t channels) {
  const EncodeOptions options{.width = width, .height = height, .channels = channels};
  return {{width, height, channels}, test_samples(Content::natural, options, 5)};
}

TEST(EncodeJpeg, GivesTheBytesOfThePlainestUseOfTheLibrary) {
  for (const uint32_t channels : {1u, 3u}) {
    for (const Chroma chroma : {Chroma::full, Chroma::quarter}) {
      for (const int quality : {1, 50, 85, 100}) {
        const Picture picture = chart(301, 203, channels);
        const auto file = encode_jpeg(picture, {quality, chroma});
        ASSERT_TRUE(file);
        const int step = channels == 3 && chroma == Chroma::quarter ? 2 : 1;
        EXPECT_EQ(*file, encode_jpeg(picture.samples, {.width = 301,
                                                       .height = 203,
                                                       .channels = channels,
                                                       .h_samples = step,
                                                       .v_samples = step,
                                                       .quality = quality}));
      }
    }
  }
}

TEST(EncodeJpeg, WritesFilesOverItsBuffer) {
  const EncodeOptions options{.width = 640, .height = 480, .quality = 95};
  const auto samples = test_samples(Content::noise, options, 1);
  const auto file = encode_jpeg({{640, 480, 3}, samples}, {95, Chroma::quarter});
  ASSERT_TRUE(file);
  EXPECT_GT(file->size(), 200'000u);
  EXPECT_EQ(*file, encode_jpeg(samples, options));
}

TEST(EncodeJpeg, ASideOverTheFormatsIsAnError) {
  const Picture wide{{65'501, 1, 1}, std::vector<uint8_t>(65'501)};
  const auto file = encode_jpeg(wide, {});
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error(), (Error{ErrorCode::limit_exceeded, "jpeg.side-pixels"}));
  EXPECT_FALSE(encode_jpeg(Picture{{0, 0, 3}, {}}, {}));
}

}  // namespace
}  // namespace safelight::codec
