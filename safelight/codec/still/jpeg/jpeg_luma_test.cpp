#include <gtest/gtest.h>
#include <numeric>

#include "safelight/codec/still/jpeg/jpeg.h"
#include "safelight/codec/still/jpeg/jpeg_encode_for_test.h"

namespace safelight::codec {
namespace {

std::vector<uint32_t> all_rows(uint32_t, uint32_t blocks_high) {
  std::vector<uint32_t> rows(blocks_high);
  std::iota(rows.begin(), rows.end(), 0u);
  return rows;
}

/// The first coefficient of a block of one value is 8 times its distance from 128, quantised.
TEST(LumaCoefficients, AreThoseOfTheBlocks) {
  const EncodeOptions options{.width = 30, .height = 20, .channels = 1, .flat_quantiser = 4};
  std::vector<uint8_t> samples(size_t{30} * 20, 128);
  for (size_t y = 8; y < 16; ++y) {
    for (size_t x = 16; x < 24; ++x) samples[y * 30 + x] = 138;
  }
  const auto luma = read_luma_coefficients(encode_jpeg(samples, options), all_rows, {});
  ASSERT_TRUE(luma);
  EXPECT_EQ(luma->blocks_wide, 4u);
  EXPECT_EQ(luma->blocks_high, 3u);
  EXPECT_EQ(luma->steps[0], 4);
  ASSERT_EQ(luma->values.size(), size_t{4} * 3 * 64);
  for (size_t i = 0; i < luma->values.size(); ++i) {
    EXPECT_EQ(luma->values[i], i == (1 * 4 + 2) * 64 ? 20 : 0) << i;
  }
}

TEST(LumaCoefficients, AreTheSameHoweverTheScansAreLaidOut) {
  EncodeOptions options{.width = 333, .height = 211};
  const auto samples = test_samples(Content::natural, options, 3);
  const auto baseline = read_luma_coefficients(encode_jpeg(samples, options), all_rows, {});
  ASSERT_TRUE(baseline);
  options.progressive = true;
  const auto progressive = read_luma_coefficients(encode_jpeg(samples, options), all_rows, {});
  ASSERT_TRUE(progressive);
  EXPECT_EQ(progressive->values, baseline->values);
  EXPECT_EQ(progressive->steps, baseline->steps);
}

TEST(LumaCoefficients, AreKeptOfTheChosenRowsAlone) {
  const auto file = test_jpeg(Content::natural, {.width = 70, .height = 90}, 4);
  const auto all = read_luma_coefficients(file, all_rows, {});
  const auto some = read_luma_coefficients(file,
                                           [](uint32_t, uint32_t) {
                                             return std::vector<uint32_t>{2, 7, 12};
                                           },
                                           {});
  ASSERT_TRUE(all && some);
  const size_t row = size_t{9} * 64;
  ASSERT_EQ(some->values.size(), 2 * row) << "there is no row 12";
  EXPECT_TRUE(std::equal(some->values.begin(), some->values.begin() + static_cast<long>(row),
                         all->values.begin() + 2 * static_cast<long>(row)));
  EXPECT_TRUE(std::equal(some->values.begin() + static_cast<long>(row), some->values.end(),
                         all->values.begin() + 7 * static_cast<long>(row)));
}

TEST(LumaCoefficients, AreNotThereWhereNoComponentIsLuma) {
  const auto rgb = test_jpeg(Content::natural, {.keep_rgb = true}, 1);
  EXPECT_EQ(read_luma_coefficients(rgb, all_rows, {}).error().rule, "jpeg.no-luma");
  const auto inks = test_jpeg(Content::natural, {.channels = 4}, 1);
  EXPECT_EQ(read_luma_coefficients(inks, all_rows, {}).error().code, ErrorCode::unsupported);
}

TEST(LumaCoefficients, StayWithinTheMemoryAllowed) {
  // 2 bytes a sample, of three components: 3 MB for a megapixel.
  const auto file =
      test_jpeg(Content::smooth, {.width = 1024, .height = 512, .h_samples = 1, .v_samples = 1}, 1);
  const uint64_t coefficients = uint64_t{1024} * 512 * 3 * 2;
  const auto refused =
      read_luma_coefficients(file, all_rows, {.max_decode_memory_bytes = coefficients - 1});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(refused.error().rule, "max_decode_memory_bytes");
  EXPECT_TRUE(
      read_luma_coefficients(file, all_rows, {.max_decode_memory_bytes = 2 * coefficients}));
}

/// Sets width and height in the first frame header of a baseline file.
std::vector<std::byte> with_sides(std::vector<std::byte> file, uint16_t width, uint16_t height) {
  for (size_t at = 0; at + 9 < file.size(); ++at) {
    if (file[at] != std::byte{0xff} || file[at + 1] != std::byte{0xc0}) continue;
    file[at + 5] = std::byte(height >> 8);
    file[at + 6] = std::byte(height & 255);
    file[at + 7] = std::byte(width >> 8);
    file[at + 8] = std::byte(width & 255);
    break;
  }
  return file;
}

TEST(LumaCoefficients, OfAHugeSizeAreRefused) {
  const auto file = with_sides(test_jpeg(Content::smooth, {}, 1), 65'500, 65'500);
  EXPECT_EQ(read_luma_coefficients(file, all_rows, {}).error().rule, "max_pixels");
  // 400 megapixels may be decoded row by row, but their coefficients take 1.2 GB.
  const auto large = with_sides(test_jpeg(Content::smooth, {}, 1), 20'000, 20'000);
  EXPECT_EQ(read_luma_coefficients(large, all_rows, {}).error().rule, "max_decode_memory_bytes");
}

TEST(LumaCoefficients, AreAnErrorAtEveryTruncation) {
  for (const bool progressive : {false, true}) {
    const auto file = test_jpeg(Content::natural, {.progressive = progressive}, 5);
    for (size_t size = 0; size + 2 < file.size(); ++size) {
      const auto luma = read_luma_coefficients(std::span(file).first(size), all_rows, {});
      ASSERT_FALSE(luma) << size;
      EXPECT_FALSE(luma.error().rule.empty());
      EXPECT_LE(luma.error().offset_bytes, size);
    }
  }
}

}  // namespace
}  // namespace safelight::codec
