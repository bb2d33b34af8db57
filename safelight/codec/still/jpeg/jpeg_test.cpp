#include "safelight/codec/still/jpeg/jpeg.h"

#include <gtest/gtest.h>
#include <string>
#include <sys/resource.h>

#include "safelight/codec/conformance_for_test.h"
#include "safelight/codec/decode_for_test.h"
#include "safelight/codec/still/jpeg/jpeg_encode_for_test.h"
#include "safelight/codec/still/jpeg/jpeg_library.h"
#include "safelight/picture/grey.h"

namespace safelight::codec {
namespace {

/// Where the first marker of that code stands, from `from` on.
size_t find_marker(std::span<const std::byte> file, uint8_t code, size_t from = 0) {
  for (size_t at = from; at + 1 < file.size(); ++at) {
    if (file[at] == std::byte{0xff} && file[at + 1] == std::byte{code}) return at;
  }
  ADD_FAILURE() << "no marker " << int{code};
  return 0;
}

/// decode_jpeg gives the same with and without rows, at every instruction set.
void expect_same_both_ways(std::span<const std::byte> file, const std::string& what) {
  CheckedRows rows;
  DecodeRequest plain_request;
  plain_request.rows = &rows;
  const auto plain = decode_jpeg(file, plain_request);
  for (const SimdLevel level : available_simd_levels()) {
    const auto fast = decode_jpeg(file, {}, level);
    ASSERT_EQ(fast.has_value(), plain.has_value()) << what << ' ' << to_text(level);
    if (!plain) {
      EXPECT_EQ(fast.error(), plain.error()) << what;
      continue;
    }
    EXPECT_EQ(fast->shape, plain->shape) << what;
    EXPECT_EQ(fast->nearest.shape, plain->nearest.shape) << what;
    EXPECT_TRUE(fast->nearest.samples == plain->nearest.samples) << what << ' ' << to_text(level);
    EXPECT_EQ(fast->incomplete, plain->incomplete) << what;
  }
}

TEST(Jpeg, GivesShapeRowsAndReductionOfAnOrdinaryPicture) {
  const auto file = test_jpeg(Content::natural, {.width = 600, .height = 45}, 1);
  CheckedRows rows;
  DecodeRequest request;
  request.rows = &rows;
  const auto decoded = decode_jpeg(file, request);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->shape, (PictureShape{600, 45, 3}));
  EXPECT_EQ(rows.picture().shape, decoded->shape);
  EXPECT_EQ(rows.picture().samples.size(), size_t{600} * 45 * 3);
  EXPECT_EQ(decoded->nearest.shape, (PictureShape{512, 512, 3}));
  EXPECT_TRUE(decoded->nearest.samples == plain_nearest(file).samples);
  EXPECT_FALSE(decoded->incomplete);
  request.nearest = false;
  rows = {};
  const auto without = decode_jpeg(file, request);
  ASSERT_TRUE(without);
  EXPECT_TRUE(without->nearest.samples.empty());
  EXPECT_EQ(rows.picture().samples.size(), size_t{600} * 45 * 3);
}

TEST(Jpeg, MakesASmallerPictureWhereThatIsEnough) {
  const EncodeOptions options{.width = 601, .height = 333};
  const EncodeOptions grey{.width = 333, .height = 601, .channels = 1};
  const EncodeOptions progressive{.width = 601, .height = 333, .progressive = true};
  for (const EncodeOptions& each : {options, grey, progressive}) {
    const auto file = test_jpeg(Content::natural, each, 1);
    for (const auto& [enough, divisor] : {std::pair{1u, 8u},
                                          {76u, 8u},
                                          {77u, 4u},
                                          {151u, 4u},
                                          {152u, 2u},
                                          {302u, 1u},
                                          {9'999u, 1u}}) {
      CheckedRows rows;
      DecodeRequest request;
      request.nearest = false;
      request.rows = &rows;
      request.enough_side_pixels = enough;
      const auto decoded = decode_jpeg(file, request);
      ASSERT_TRUE(decoded);
      EXPECT_EQ(decoded->shape, (PictureShape{each.width, each.height, each.channels}));
      PlainJpegReader plain(file);
      plain.library().scale_denom = divisor;
      WholePictureSink expected;
      plain.decode(&expected);
      EXPECT_EQ(rows.picture().shape, expected.picture.shape) << enough;
      EXPECT_TRUE(rows.picture().samples == expected.picture.samples) << enough;
    }
  }
}

TEST(Jpeg, LeavesThePixelsThatAreHashedAsTheyAreWhereLessIsEnough) {
  const auto file = test_jpeg(Content::natural, {.width = 600, .height = 45}, 1);
  CheckedRows rows;
  DecodeRequest request;
  request.rows = &rows;
  request.enough_side_pixels = 10;
  const auto decoded = decode_jpeg(file, request);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(rows.picture().shape, decoded->shape);
  EXPECT_TRUE(decoded->nearest.samples == plain_nearest(file).samples);
}

TEST(Jpeg, SaysWhatASmallerPictureOfACutFileLacks) {
  const auto file = test_jpeg(Content::natural, {.width = 800, .height = 800}, 1);
  CheckedRows rows;
  DecodeRequest request;
  request.nearest = false;
  request.rows = &rows;
  request.enough_side_pixels = 100;
  const auto decoded = decode_jpeg(std::span(file).first(file.size() / 2), request);
  ASSERT_TRUE(decoded);
  ASSERT_TRUE(decoded->incomplete);
  EXPECT_EQ(decoded->incomplete->code, ErrorCode::truncated);
  EXPECT_EQ(rows.picture().shape, (PictureShape{100, 100, 3}));
  EXPECT_EQ(rows.picture().samples.size(), 100u * 100 * 3);
}

TEST(Jpeg, KeepsThePixelsOfASmallPicture) {
  const auto file = test_jpeg(Content::natural, {.width = 512, .height = 33}, 1);
  const auto decoded = decode_jpeg(file, {});
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->nearest.shape, decoded->shape);
  EXPECT_TRUE(decoded->nearest.samples == plain_nearest(file).samples);
}

TEST(Jpeg, GivesOneChannelForAGreyPicture) {
  const auto file = test_jpeg(Content::natural, {.width = 520, .height = 33, .channels = 1}, 1);
  const auto decoded = decode_jpeg(file, {});
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->shape.channels, 1u);
  EXPECT_EQ(decoded->nearest.samples.size(), size_t{512} * 512);
}

TEST(Jpeg, DecodesArithmeticCoding) {
  const EncodeOptions options{.width = 520, .height = 33, .arithmetic = true};
  const auto file = test_jpeg(Content::natural, options, 1);
  const auto decoded = decode_jpeg(file, {});
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->nearest.samples == plain_nearest(file).samples);
}

TEST(Jpeg, TurnsInkIntoLightAsImageMagickDoes) {
  // With and without an Adobe marker, samples are taken as inverted: 255 is no ink. A pixel's red
  // is its cyan sample times its black sample, over 255, rounded (compared with ImageMagick 6.9.11
  // over all 65,536 pairs).
  for (const bool adobe : {true, false}) {
    EncodeOptions options{.width = 16, .height = 16, .channels = 4, .quality = 100, .adobe = adobe};
    options.h_samples = options.v_samples = 1;
    std::vector<uint8_t> samples;
    for (int i = 0; i < 256; ++i) samples.insert(samples.end(), {200, 128, 255, 100});
    const auto decoded = decode_jpeg(encode_jpeg(samples, options), {});
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->shape.channels, 3u);
    EXPECT_NEAR(decoded->nearest.samples[0], 78, 1);   // 200 * 100 / 255
    EXPECT_NEAR(decoded->nearest.samples[1], 50, 1);   // 128 * 100 / 255
    EXPECT_NEAR(decoded->nearest.samples[2], 100, 1);  // 255 * 100 / 255
  }
}

TEST(Jpeg, GivesOneChannelForASmallGreyPictureStoredInThree) {
  for (const bool arithmetic : {false, true}) {
    for (const bool keep_rgb : {false, true}) {
      EncodeOptions options{.width = 65, .height = 33, .arithmetic = arithmetic};
      options.keep_rgb = keep_rgb;
      options.h_samples = options.v_samples = keep_rgb ? 1 : 2;
      options.grey = true;
      const auto file = test_jpeg(Content::natural, options, 1);
      const auto decoded = decode_jpeg(file, {});
      ASSERT_TRUE(decoded);
      EXPECT_EQ(decoded->shape, (PictureShape{65, 33, 3}));
      EXPECT_EQ(decoded->nearest.shape, (PictureShape{65, 33, 1}));
      EXPECT_TRUE(decoded->nearest.samples == first_channel(plain_nearest(file)).samples);
    }
  }
}

TEST(Jpeg, GivesThreeChannelsForGreyInks) {
  EncodeOptions options{.width = 16, .height = 16, .channels = 4, .adobe = false};
  options.h_samples = options.v_samples = 1;
  options.grey = true;
  const auto decoded = decode_jpeg(test_jpeg(Content::smooth, options, 1), {});
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(all_grey(decoded->nearest.samples));
  EXPECT_EQ(decoded->nearest.shape.channels, 3u);
}

TEST(Jpeg, EveryTruncationIsAnErrorOrIncompleteAndSaysWhere) {
  for (const bool progressive : {false, true}) {
    // Wide enough for the sparse way, and under 1,500 bytes.
    const EncodeOptions options{.width = 520, .height = 8, .progressive = progressive};
    const auto file = test_jpeg(Content::smooth, options, 1);
    ASSERT_LT(file.size(), 1500u);
    for (size_t length = 0; length < file.size(); ++length) {
      const auto part = std::span(file).first(length);
      const auto decoded = decode_jpeg(part, {});
      const std::optional<Error> error =
          decoded ? decoded->incomplete : std::optional<Error>(decoded.error());
      ASSERT_TRUE(error) << length;
      EXPECT_EQ(error->code, ErrorCode::truncated) << length;
      EXPECT_FALSE(error->rule.empty()) << length;
      EXPECT_NE(error->offset_kind, OffsetKind::none) << length;
      EXPECT_LE(error->offset_bytes, length);
      expect_same_both_ways(part, "length " + std::to_string(length));
    }
  }
}

TEST(Jpeg, ATruncatedPictureKeepsWhatItHasAndIsGreyBelow) {
  const auto file = test_jpeg(Content::natural, {.width = 640, .height = 640}, 1);
  const auto whole = decode_jpeg(file, {});
  const auto half = decode_jpeg(std::span(file).first(file.size() / 2), {});
  ASSERT_TRUE(whole && half);
  ASSERT_TRUE(half->incomplete);
  EXPECT_EQ(half->incomplete->rule, "jpeg.end-of-file");
  EXPECT_EQ(half->incomplete->offset_bytes, file.size() / 2);
  EXPECT_TRUE(std::ranges::equal(half->nearest.row(0), whole->nearest.row(0)));
  // Without differences the last block's brightness goes on.
  const auto last = half->nearest.row(511);
  EXPECT_FALSE(std::ranges::equal(last, whole->nearest.row(511)));
  EXPECT_TRUE(std::ranges::equal(last, half->nearest.row(500)));
}

TEST(Jpeg, DamageInAScanLeavesAnIncompletePicture) {
  const auto file = test_jpeg(Content::natural, {.width = 640, .height = 640}, 1);
  auto damaged = file;
  const size_t middle = file.size() / 2;
  damaged[middle] = std::byte{0xff};
  damaged[middle + 1] = std::byte{0xfe};
  const auto decoded = decode_jpeg(damaged, {});
  ASSERT_TRUE(decoded);
  ASSERT_TRUE(decoded->incomplete);
  EXPECT_EQ(decoded->incomplete->code, ErrorCode::malformed);
  EXPECT_EQ(decoded->incomplete->offset_kind, OffsetKind::approximate);
  EXPECT_NEAR(static_cast<double>(decoded->incomplete->offset_bytes), static_cast<double>(middle),
              512);
  expect_same_both_ways(damaged, "damaged scan");
}

TEST(Jpeg, AWrongRestartMarkerLeavesAnIncompletePicture) {
  const EncodeOptions options{.width = 640, .height = 640, .restart_interval = 16};
  auto file = test_jpeg(Content::natural, options, 1);
  const size_t marker = find_marker(file, 0xd2);
  file[marker + 1] = std::byte{0xd6};
  const auto decoded = decode_jpeg(file, {});
  ASSERT_TRUE(decoded && decoded->incomplete);
  EXPECT_EQ(decoded->incomplete->code, ErrorCode::malformed);
  expect_same_both_ways(file, "restart marker");
}

TEST(Jpeg, RefusesPicturesOverEachLimit) {
  const auto file = test_jpeg(Content::smooth, {.width = 640, .height = 480}, 1);
  const auto progressive =
      test_jpeg(Content::smooth, {.width = 640, .height = 480, .progressive = true}, 1);
  const auto rule_of = [](std::span<const std::byte> bytes, const Limits& limits) {
    DecodeRequest request;
    request.limits = limits;
    const auto decoded = decode_jpeg(bytes, request);
    if (decoded) return std::string("decoded");
    EXPECT_EQ(decoded.error().code, ErrorCode::limit_exceeded);
    return std::string(decoded.error().rule);
  };
  EXPECT_EQ(rule_of(file, {.max_pixels = 640 * 480}), "decoded");
  EXPECT_EQ(rule_of(file, {.max_pixels = 640 * 480 - 1}), "max_pixels");
  EXPECT_EQ(rule_of(file, {.max_side_pixels = 640}), "decoded");
  EXPECT_EQ(rule_of(file, {.max_side_pixels = 639}), "max_side_pixels");
  // Coefficients of 640 x 480 at 4:2:0 take 0.9 MB, which only several scans make necessary.
  EXPECT_EQ(rule_of(file, {.max_decode_memory_bytes = 900'000}), "decoded");
  EXPECT_EQ(rule_of(progressive, {.max_decode_memory_bytes = 900'000}), "max_decode_memory_bytes");
  EXPECT_EQ(rule_of(progressive, {.max_decode_memory_bytes = 2'000'000}), "decoded");
}

TEST(Jpeg, RefusesMoreScansThanTheLimit) {
  auto file = test_jpeg(Content::smooth, {.width = 16, .height = 16, .progressive = true}, 1);
  const size_t last_scan = [&] {
    size_t last = 0;
    for (size_t at = 0; at + 1 < file.size(); ++at) {
      if (file[at] == std::byte{0xff} && file[at + 1] == std::byte{0xda}) last = at;
    }
    return last;
  }();
  const std::vector<std::byte> scan(file.begin() + static_cast<std::ptrdiff_t>(last_scan),
                                    file.end() - 2);
  for (int i = 0; i < kMaxJpegScans + 1; ++i) {
    file.insert(file.end() - 2, scan.begin(), scan.end());
  }
  const auto decoded = decode_jpeg(file, {});
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(decoded.error().rule, "max_jpeg_scans");
  EXPECT_GT(decoded.error().offset_bytes, last_scan);
  EXPECT_LT(decoded.error().offset_bytes, file.size());
}

TEST(Jpeg, EachBrokenHeaderFieldHasItsRule) {
  const auto good = test_jpeg(Content::smooth, {.width = 32, .height = 32}, 1);
  const size_t frame = find_marker(good, 0xc0);
  const size_t quantiser = find_marker(good, 0xdb);
  const size_t huffman = find_marker(good, 0xc4);
  const size_t scan = find_marker(good, 0xda);
  struct Case {
    const char* what;
    size_t at;
    uint8_t value;
    ErrorCode code;
    std::string_view rule;
    size_t offset_bytes;
  };
  const Case cases[] = {
      // The library reports the place of the segment that it could not take.
      {"start", 1, 0xd9, ErrorCode::malformed, "jpeg.start-marker", 0},
      {"lossless", frame + 1, 0xc3, ErrorCode::unsupported, "jpeg.process", frame + 2},
      {"frame length", frame + 3, 16, ErrorCode::malformed, "jpeg.segment-length", frame + 2},
      {"precision", frame + 4, 12, ErrorCode::unsupported, "jpeg.precision", scan + 14},
      {"components", frame + 9, 0, ErrorCode::unsupported, "jpeg.frame-without-size", frame + 2},
      {"sampling", frame + 11, 0, ErrorCode::malformed, "jpeg.component", scan + 14},
      {"quantiser index", quantiser + 4, 9, ErrorCode::malformed, "jpeg.quantisation-table",
       quantiser + 2},
      {"huffman index", huffman + 4, 9, ErrorCode::malformed, "jpeg.huffman-table", huffman + 2},
      {"huffman counts", huffman + 5, 255, ErrorCode::malformed, "jpeg.huffman-table", huffman + 2},
      {"scan component", scan + 5, 77, ErrorCode::malformed, "jpeg.component", scan + 2},
  };
  for (const Case& broken : cases) {
    auto file = good;
    file[broken.at] = std::byte{broken.value};
    const auto decoded = decode_jpeg(file, {});
    ASSERT_FALSE(decoded) << broken.what;
    EXPECT_EQ(decoded.error(), Error::near(broken.code, broken.rule, broken.offset_bytes))
        << broken.what << ' ' << decoded.error().rule << ' ' << decoded.error().offset_bytes;
  }
}

TEST(Jpeg, OddHeadersThatLoseNothingLeaveNoMark) {
  auto file = test_jpeg(Content::smooth, {.width = 600, .height = 32}, 1);
  const size_t jfif = find_marker(file, 0xe0);
  file[jfif + 9] = std::byte{9};  // A JFIF version to come.
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(find_marker(file, 0xdb)), 100,
              std::byte{1});
  const auto decoded = decode_jpeg(file, {});
  ASSERT_TRUE(decoded);
  EXPECT_FALSE(decoded->incomplete);
  expect_same_both_ways(file, "odd header");
}

TEST(Jpeg, ALargePictureTakesLittleMemory) {
  // 100 megapixels of one colour, made by repeating the coded data of blank blocks.
  EncodeOptions options{.width = 10'000, .height = 16, .restart_interval = 625};
  options.quality = 50;
  const auto strip = test_jpeg(Content::smooth, options, 1);
  const size_t frame = find_marker(strip, 0xc0);
  const size_t scan = find_marker(strip, 0xda);
  std::vector<std::byte> file(strip.begin(),
                              strip.begin() + static_cast<std::ptrdiff_t>(scan + 14));
  file[frame + 5] = std::byte{10'000 >> 8};
  file[frame + 6] = std::byte{10'000 & 255};
  const std::vector<std::byte> coded(strip.begin() + static_cast<std::ptrdiff_t>(scan + 14),
                                     strip.end() - 2);
  for (uint32_t row = 0; row < 625; ++row) {
    file.insert(file.end(), coded.begin(), coded.end());
    file.push_back(std::byte{0xff});
    file.push_back(std::byte{row == 624 ? uint8_t{0xd9} : static_cast<uint8_t>(0xd0 + row % 8)});
  }
  const auto peak_kib = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  const long before = peak_kib();
  const auto decoded = decode_jpeg(file, {});
  ASSERT_TRUE(decoded);
  EXPECT_FALSE(decoded->incomplete);
  EXPECT_EQ(decoded->shape, (PictureShape{10'000, 10'000, 3}));
  EXPECT_LT(peak_kib() - before, 16 * 1024);
  EXPECT_TRUE(std::ranges::equal(decoded->nearest.row(0), decoded->nearest.row(96)))
      << "every 96th sampled row lies at the same place of a strip";
}

TEST(JpegConformance, TheSparseDecodeAgreesWithThePlainOneOnFilesOfOthers) {
  const auto count = for_each_file_of_others(
      [](Format format) { return format == Format::jpeg; },
      [](const auto& path, const auto file) { expect_same_both_ways(file, path.string()); });
  if (!count) GTEST_SKIP() << "no conformance material: SAFELIGHT_CONFORMANCE names its folder";
  EXPECT_GT(*count, 0u);
}

}  // namespace
}  // namespace safelight::codec
