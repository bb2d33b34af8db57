#include "safelight/codec/still/jpeg/jpeg_sparse.h"

#include <gtest/gtest.h>
#include <string>
#include <tuple>

#include "safelight/codec/still/jpeg/jpeg.h"
#include "safelight/codec/still/jpeg/jpeg_encode_for_test.h"
#include "safelight/picture/grey.h"

namespace safelight::codec {
namespace {

struct Size {
  uint32_t width;
  uint32_t height;
};

std::optional<Picture> sparse(std::span<const std::byte> file, SimdLevel level) {
  auto library = JpegLibrary::open(file, {});
  if (!library || !sparse_supports(library->frame())) return std::nullopt;
  if (library->frame().single_scan) return sparse_decode_scan(file, library->frame(), level);
  const auto usable = library->read_coefficients();
  if (!usable || !*usable) return std::nullopt;
  return sparse_decode_coefficients(*library, level);
}

/// The sparse decoder takes the file itself, and makes exactly what the plain decode makes.
void expect_exact(Content content, const EncodeOptions& options) {
  const auto file = test_jpeg(content, options, options.width + options.height);
  const Picture expected = plain_nearest(file);
  for (const SimdLevel level : available_simd_levels()) {
    const auto made = sparse(file, level);
    ASSERT_TRUE(made) << to_text(level);
    EXPECT_EQ(made->shape, expected.shape);
    EXPECT_TRUE(made->samples == expected.samples)
        << to_text(level) << ' ' << options.width << 'x' << options.height << ' '
        << options.h_samples << 'x' << options.v_samples << " quality " << options.quality
        << " content " << static_cast<int>(content);
  }
}

constexpr Size kSizes[] = {{513, 300}, {1023, 777}, {1300, 1100}, {8, 4000},
                           {4000, 8},  {517, 513},  {1, 513},     {6, 1025}};

class EverySampling : public testing::TestWithParam<std::tuple<int, int>> {};

TEST_P(EverySampling, IsExactAtEverySizeAndContent) {
  const auto [h_samples, v_samples] = GetParam();
  for (const Size size : kSizes) {
    for (const Content content : {Content::natural, Content::noise}) {
      EncodeOptions options{.width = size.width, .height = size.height};
      options.h_samples = h_samples;
      options.v_samples = v_samples;
      if (size.width < uint32_t{3} * h_samples) continue;  // Left to the plain decode.
      expect_exact(content, options);
    }
  }
}

TEST_P(EverySampling, IsExactInProgressiveAndSeparateScans) {
  const auto [h_samples, v_samples] = GetParam();
  for (const bool progressive : {true, false}) {
    EncodeOptions options{.width = 1023, .height = 601};
    options.h_samples = h_samples;
    options.v_samples = v_samples;
    options.progressive = progressive;
    options.separate_scans = !progressive;
    expect_exact(Content::natural, options);
  }
}

INSTANTIATE_TEST_SUITE_P(Jpeg, EverySampling,
                         testing::Values(std::tuple(1, 1), std::tuple(2, 1), std::tuple(2, 2),
                                         std::tuple(1, 2), std::tuple(4, 1), std::tuple(4, 2),
                                         std::tuple(1, 4), std::tuple(2, 4)),
                         [](const auto& param) {
                           return std::to_string(std::get<0>(param.param)) + "by" +
                                  std::to_string(std::get<1>(param.param));
                         });

TEST(JpegSparse, IsExactForGreyPicturesOfAnySamplingFactor) {
  for (const Size size : kSizes) {
    if (size.width < 3) continue;
    for (const int samples : {1, 2}) {
      for (const bool progressive : {false, true}) {
        EncodeOptions options{.width = size.width, .height = size.height, .channels = 1};
        options.h_samples = options.v_samples = samples;
        options.progressive = progressive;
        expect_exact(Content::natural, options);
      }
    }
  }
}

TEST(JpegSparse, IsExactForPicturesStoredAsRgb) {
  EncodeOptions options{.width = 777, .height = 600, .keep_rgb = true};
  options.h_samples = options.v_samples = 1;
  expect_exact(Content::natural, options);
}

/// One channel, whichever way decides that, and its samples as the library's own decode has them.
void expect_one_channel(std::span<const std::byte> file) {
  const Picture expected = first_channel(plain_nearest(file));
  for (const SimdLevel level : available_simd_levels()) {
    const auto decoded = decode_jpeg(file, {}, level);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->shape.channels, 3u) << "of the file";
    EXPECT_EQ(decoded->nearest.shape, expected.shape) << to_text(level);
    EXPECT_TRUE(decoded->nearest.samples == expected.samples) << to_text(level);
  }
}

TEST_P(EverySampling, GivesOneChannelForAGreyPictureStoredAsYcc) {
  const auto [h_samples, v_samples] = GetParam();
  for (const int scans : {0, 1, 2}) {
    EncodeOptions options{.width = 1023, .height = 601, .grey = true};
    options.h_samples = h_samples;
    options.v_samples = v_samples;
    options.progressive = scans == 1;
    options.separate_scans = scans == 2;
    options.restart_interval = scans == 0 ? 5 : 0;
    const auto file = test_jpeg(Content::natural, options, 1);
    expect_one_channel(file);
    // Chroma that is zero throughout decides without a second decode.
    for (const SimdLevel level : available_simd_levels()) {
      const auto made = sparse(file, level);
      ASSERT_TRUE(made) << to_text(level);
      EXPECT_EQ(made->shape.channels, 1u) << to_text(level);
    }
  }
}

/// A wide grey strip with a patch of colour between two sampled columns, far from either.
std::vector<std::byte> strip_with_unread_colour(EncodeOptions options) {
  options.width = 64'000;
  options.height = 16;
  options.h_samples = options.v_samples = 1;
  options.grey = true;
  auto samples = test_samples(Content::smooth, options, 1);
  const uint32_t patch_column = 64'000 / 512 * 100 + 64;
  for (uint32_t y = 0; y < options.height; ++y) {
    for (uint32_t x = patch_column; x < patch_column + 8; ++x) {
      uint8_t* red = &samples[(size_t{y} * options.width + x) * 3];
      *red = static_cast<uint8_t>(*red + (*red < 128 ? 90 : -90));
    }
  }
  return encode_jpeg(samples, options);
}

TEST(JpegSparse, LeavesColourThatNoSampleShowsToThePlainDecode) {
  for (const bool progressive : {false, true}) {
    for (const bool keep_rgb : {false, true}) {
      const auto file = strip_with_unread_colour(
          {.quality = 95, .progressive = progressive, .keep_rgb = keep_rgb});
      const Picture expected = plain_nearest(file);
      ASSERT_TRUE(all_grey(expected.samples));
      for (const SimdLevel level : available_simd_levels()) {
        EXPECT_FALSE(sparse(file, level)) << to_text(level);
        const auto decoded = decode_jpeg(file, {}, level);
        ASSERT_TRUE(decoded);
        EXPECT_EQ(decoded->nearest.shape.channels, 3u) << to_text(level);
        EXPECT_TRUE(decoded->nearest.samples == expected.samples) << to_text(level);
      }
    }
  }
}

TEST(JpegSparse, GivesOneChannelForAGreyPictureStoredAsRgb) {
  EncodeOptions options{.width = 777, .height = 600, .keep_rgb = true, .grey = true};
  options.h_samples = options.v_samples = 1;
  const auto file = test_jpeg(Content::natural, options, 1);
  EXPECT_FALSE(sparse(file, detect_simd_level())) << "every sample has to be looked at";
  expect_one_channel(file);
}

TEST(JpegSparse, IsExactAtEveryQuality) {
  for (int quality = 5; quality <= 100; quality += quality < 90 ? 17 : 3) {
    for (const Content content : {Content::smooth, Content::natural, Content::noise}) {
      expect_exact(content, {.width = 600, .height = 301, .quality = quality});
    }
  }
}

TEST(JpegSparse, IsExactWithRestartIntervalsOfAnyLength) {
  for (const int interval : {1, 2, 7, 50, 51, 333, 5000}) {
    expect_exact(Content::natural, {.width = 600, .height = 301, .restart_interval = interval});
  }
}

TEST(JpegSparse, IsExactWithHuffmanTablesOfTheFilesOwn) {
  for (const Content content : {Content::smooth, Content::natural, Content::noise}) {
    expect_exact(content, {.width = 600, .height = 301, .quality = 97, .optimise = true});
  }
}

TEST(JpegSparse, LeavesArithmeticThatWrapsToThePlainDecode) {
  // Full-swing noise with coarse quantisers reaches what the library's 16-bit arithmetic saturates;
  // whichever way it goes, decode_jpeg gives the library's own samples.
  for (const uint32_t quantiser : {16u, 64u, 120u, 255u}) {
    EncodeOptions options{.width = 700, .height = 520, .flat_quantiser = quantiser};
    const auto file = test_jpeg(Content::extremes, options, quantiser);
    // Coefficients made 255 times as large as they were: only the table is changed.
    for (const uint8_t entry : {uint8_t{0}, uint8_t{255}}) {
      auto changed = file;
      for (size_t at = 0; at + 70 < changed.size() && entry != 0; ++at) {
        const bool is_table = changed[at] == std::byte{0xff} && changed[at + 1] == std::byte{0xdb};
        if (is_table) std::fill_n(changed.begin() + at + 5, 64, std::byte{entry});
      }
      const Picture expected = plain_nearest(changed);
      for (const SimdLevel level : available_simd_levels()) {
        const auto made = sparse(changed, level);
        if (made) {
          EXPECT_TRUE(made->samples == expected.samples) << to_text(level);
        }
        EXPECT_EQ(made.has_value(), entry == 0 || quantiser > 64) << to_text(level) << quantiser;
        const auto decoded = decode_jpeg(changed, {}, level);
        ASSERT_TRUE(decoded);
        EXPECT_TRUE(decoded->nearest.samples == expected.samples) << to_text(level);
      }
    }
  }
}

TEST(JpegSparse, TakesPaddingBeforeTheEndMarkerButNoMoreData) {
  for (uint32_t seed = 0; seed < 8; ++seed) {
    const auto file = test_jpeg(Content::natural, {.width = 520, .height = 40}, seed);
    for (const size_t stray : {size_t{1}, size_t{31}, size_t{40}, size_t{1000}}) {
      auto padded = file;
      padded.insert(padded.end() - 2, stray, std::byte{0x55});
      const auto made = sparse(padded, detect_simd_level());
      EXPECT_EQ(made.has_value(), stray <= kMaxJpegPaddingBytes) << stray << " seed " << seed;
      const auto decoded = decode_jpeg(padded, {});
      ASSERT_TRUE(decoded);
      EXPECT_EQ(decoded->incomplete.has_value(), stray > kMaxJpegPaddingBytes) << stray;
      EXPECT_TRUE(decoded->nearest.samples == plain_nearest(file).samples);
    }
  }
}

TEST(JpegSparse, RefusesADamagedScan) {
  const auto file = test_jpeg(Content::natural, {.width = 600, .height = 520}, 3);
  auto cut = file;
  cut.resize(file.size() / 2);
  EXPECT_FALSE(sparse(cut, detect_simd_level()));
  auto early_end = file;
  early_end[file.size() / 2] = std::byte{0xff};
  early_end[file.size() / 2 + 1] = std::byte{0xd9};
  EXPECT_FALSE(sparse(early_end, detect_simd_level()));
  auto restarts =
      test_jpeg(Content::natural, {.width = 600, .height = 520, .restart_interval = 9}, 3);
  for (size_t at = file.size() / 2; at + 1 < restarts.size(); ++at) {
    if (restarts[at] == std::byte{0xff} && restarts[at + 1] >= std::byte{0xd0} &&
        restarts[at + 1] <= std::byte{0xd7}) {
      restarts[at + 1] ^= std::byte{4};
      break;
    }
  }
  EXPECT_FALSE(sparse(restarts, detect_simd_level()));
}

}  // namespace
}  // namespace safelight::codec
