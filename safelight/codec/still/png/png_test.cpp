#include "safelight/codec/still/png/png.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

#include "safelight/codec/decode_for_test.h"
#include "safelight/codec/still/png/png_encode_for_test.h"

namespace safelight::codec {
namespace {

using namespace std::string_literals;
using Samples = std::vector<uint8_t>;

constexpr WholeFileDecoder<decode_png> decode;

Samples samples_of(const PngSpec& spec) {
  const auto whole = decode(encode_png(spec));
  EXPECT_TRUE(whole);
  if (!whole) return {};
  EXPECT_FALSE(whole->decoded.incomplete);
  return whole->picture.samples;
}

PngSpec noise(uint32_t width, uint32_t height, int colour_type, int bit_depth, size_t row_bytes) {
  std::mt19937_64 random(7);
  PngSpec spec{
      .width = width, .height = height, .bit_depth = bit_depth, .colour_type = colour_type};
  spec.rows.resize(row_bytes * height);
  for (uint8_t& byte : spec.rows) byte = static_cast<uint8_t>(random());
  return spec;
}

TEST(Png, DecodesColour) {
  PngSpec spec{.width = 2, .rows = {1, 2, 3, 4, 5, 6}};
  EXPECT_EQ(samples_of(spec), spec.rows);
}

TEST(Png, DropsAlphaWithoutMixing) {
  EXPECT_EQ(
      samples_of(
          {.width = 2, .colour_type = PNG_COLOR_TYPE_RGBA, .rows = {1, 2, 3, 0, 4, 5, 6, 100}}),
      (Samples{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(
      samples_of({.width = 2, .colour_type = PNG_COLOR_TYPE_GRAY_ALPHA, .rows = {9, 0, 8, 1}}),
      (Samples{9, 8}));
}

Picture lossless_of(const ByteVector& file) {
  const auto whole = decode(file);
  EXPECT_TRUE(whole);
  return whole ? whole->lossless : Picture{};
}

TEST(PngLosslessRows, KeepAlphaAsStored) {
  const Samples rgba = {1, 2, 3, 0, 4, 5, 6, 100};
  const Picture colour =
      lossless_of(encode_png({.width = 2, .colour_type = PNG_COLOR_TYPE_RGBA, .rows = rgba}));
  EXPECT_EQ(colour.shape, (PictureShape{2, 1, 4}));
  EXPECT_EQ(colour.samples, rgba);
  const Picture grey = lossless_of(
      encode_png({.width = 2, .colour_type = PNG_COLOR_TYPE_GRAY_ALPHA, .rows = {9, 0, 8, 1}}));
  EXPECT_EQ(grey.samples, (Samples{9, 9, 9, 0, 8, 8, 8, 1}));
  const Picture wide = lossless_of(encode_png({.width = 1,
                                               .bit_depth = 16,
                                               .colour_type = PNG_COLOR_TYPE_RGBA,
                                               .rows = {77, 77, 1, 1, 0, 0, 254, 254}}));
  EXPECT_EQ(wide.samples, (Samples{77, 1, 0, 254})) << "8 bits that were widened come back";
}

TEST(PngLosslessRows, MakeAlphaOfTransparentColours) {
  const Picture palette =
      lossless_of(encode_png({.width = 3,
                              .colour_type = PNG_COLOR_TYPE_PALETTE,
                              .palette = {{10, 20, 30}, {40, 50, 60}, {70, 80, 90}},
                              .palette_alpha = {0, 128},
                              .rows = {0, 1, 2}}));
  EXPECT_EQ(palette.samples, (Samples{10, 20, 30, 0, 40, 50, 60, 128, 70, 80, 90, 255}));
  ByteVector file = encode_png({.width = 2, .rows = {1, 2, 3, 4, 5, 6}});
  file = insert_at(file, find_chunk(file, "IDAT"), png_chunk("tRNS", "\0\4\0\5\0\6"s));
  EXPECT_EQ(lossless_of(file).samples, (Samples{1, 2, 3, 255, 4, 5, 6, 0}));
}

TEST(PngLosslessRows, HaveNoAlphaWhereThereIsNone) {
  EXPECT_EQ(lossless_of(encode_png({.width = 1, .rows = {1, 2, 3}})).samples, (Samples{1, 2, 3}));
  EXPECT_EQ(
      lossless_of(encode_png({.width = 2, .colour_type = PNG_COLOR_TYPE_GRAY, .rows = {7, 8}}))
          .samples,
      (Samples{7, 8}));
}

TEST(PngLosslessRows, EndWhereTheFileIsCut) {
  const PngSpec spec = noise(40, 90, PNG_COLOR_TYPE_RGBA, 8, 160);
  const ByteVector file = encode_png(spec);
  const ByteVector cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(file.size() / 2));
  const Picture lossless = lossless_of(cut);
  ASSERT_GT(lossless.samples.size(), size_t{160} * 20);
  ASSERT_LT(lossless.samples.size(), size_t{160} * 60);
  EXPECT_TRUE(std::equal(lossless.samples.begin(), lossless.samples.end(), spec.rows.begin()));
  PngSpec interlaced = spec;
  interlaced.interlaced = true;
  EXPECT_EQ(lossless_of(encode_png(interlaced)).samples, spec.rows);
  ByteVector cut_passes = encode_png(interlaced);
  cut_passes.resize(cut_passes.size() / 2);
  EXPECT_TRUE(lossless_of(cut_passes).samples.empty()) << "no row is known in full";
}

TEST(Png, SpreadsGreyOfFewBitsOverTheWholeRange) {
  EXPECT_EQ(
      samples_of({.width = 8, .bit_depth = 1, .colour_type = PNG_COLOR_TYPE_GRAY, .rows = {0xb2}}),
      (Samples{255, 0, 255, 255, 0, 0, 255, 0}));
  EXPECT_EQ(
      samples_of({.width = 4, .bit_depth = 2, .colour_type = PNG_COLOR_TYPE_GRAY, .rows = {0x1b}}),
      (Samples{0, 85, 170, 255}));
  EXPECT_EQ(
      samples_of({.width = 2, .bit_depth = 4, .colour_type = PNG_COLOR_TYPE_GRAY, .rows = {0x1f}}),
      (Samples{17, 255}));
}

TEST(Png, NarrowsSixteenBitsAsImageMagick) {
  // `convert -depth 8` gives these for these.
  EXPECT_EQ(samples_of({.width = 4, .bit_depth = 16, .rows = {0,    0,    0,    0x80, 0,    0x81,
                                                              1,    0,    1,    0x7f, 1,    0x80,
                                                              0x7f, 0xff, 0x80, 0,    0x80, 0xff,
                                                              0xfe, 0x7f, 0xfe, 0xff, 0xff, 0xff}}),
            (Samples{0, 0, 0, 0, 1, 1, 127, 127, 128, 253, 254, 255}));
}

TEST(Png, ExpandsAPaletteAndKeepsTheColourOfTransparentEntries) {
  EXPECT_EQ(samples_of({.width = 4,
                        .bit_depth = 2,
                        .colour_type = PNG_COLOR_TYPE_PALETTE,
                        .palette = {{10, 20, 30}, {40, 50, 60}, {70, 80, 90}, {255, 0, 255}},
                        .palette_alpha = {0, 128, 255, 0},
                        .rows = {0x1b}}),
            (Samples{10, 20, 30, 40, 50, 60, 70, 80, 90, 255, 0, 255}));
}

TEST(Png, ShowsAnIndexBeyondThePaletteAsEntryZero) {
  const auto whole = decode(encode_png({.width = 2,
                                        .colour_type = PNG_COLOR_TYPE_PALETTE,
                                        .palette = {{10, 20, 30}, {40, 50, 60}},
                                        .rows = {1, 9}}));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->picture.samples, (Samples{40, 50, 60, 10, 20, 30}));
}

TEST(Png, GivesOneChannelForColourThatIsAllGrey) {
  const auto whole = decode(encode_png({.width = 2, .rows = {7, 7, 7, 8, 8, 8}}));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->decoded.shape.channels, 3u);
  EXPECT_EQ(whole->decoded.nearest.shape.channels, 1u);
  EXPECT_EQ(whole->decoded.nearest.samples, (Samples{7, 8}));
}

/// As gAMA stores it: 100,000 for light itself.
ByteVector with_gamma(const ByteVector& file, uint32_t gamma, std::string_view more = "") {
  return insert_at(file, find_chunk(file, "IDAT"),
                   png_chunk("gAMA", u32_be_text(gamma)) + std::string(more));
}

Samples nearest_of(const ByteVector& file) {
  const auto decoded = decode_png(file, std::nullopt, {});
  EXPECT_TRUE(decoded);
  return decoded ? decoded->nearest.samples : Samples{};
}

TEST(Png, GivesTheReductionOfLinearLightInSrgb) {
  // Values from ImageMagick 6.9.11, which was compared over all 256.
  const Samples linear = {0, 1, 2, 4, 8, 9, 77, 128, 255};
  const Samples converted = {0, 13, 22, 34, 50, 53, 149, 188, 255};
  const ByteVector file = encode_png({.width = 3, .rows = linear});
  EXPECT_EQ(nearest_of(with_gamma(file, 100'000)), converted);
  EXPECT_EQ(nearest_of(with_gamma(file, 75'001)), converted);
  EXPECT_EQ(nearest_of(with_gamma(file, 75'000)), linear);
  EXPECT_EQ(nearest_of(with_gamma(file, 45'455)), linear);
  EXPECT_EQ(nearest_of(with_gamma(file, 0)), linear) << "out of range: as if it were not there";
  EXPECT_EQ(nearest_of(with_gamma(file, 100'000, png_chunk("sRGB", "\0"s))), linear);
  CheckedRows rows;
  const DecodeRequest request{.limits = {}, .rows = &rows};
  ASSERT_TRUE(decode_png(with_gamma(file, 100'000), std::nullopt, request));
  EXPECT_EQ(rows.picture().samples, linear) << "who reads rows applies no gamma";
}

TEST(Png, LeavesLinearLightThatIsAllGreyAsStored) {
  const ByteVector file = encode_png({.width = 2, .rows = {77, 77, 77, 128, 128, 128}});
  EXPECT_EQ(nearest_of(with_gamma(file, 100'000)), (Samples{77, 128}));
  const ByteVector grey =
      encode_png({.width = 2, .colour_type = PNG_COLOR_TYPE_GRAY, .rows = {77, 128}});
  EXPECT_EQ(nearest_of(with_gamma(grey, 100'000)), (Samples{77, 128}));
}

TEST(Png, DecodesInterlacedFilesToTheSamePixels) {
  for (const auto& [type, depth, row_bytes] :
       {std::tuple{PNG_COLOR_TYPE_RGB, 8, size_t{19 * 3}},
        std::tuple{PNG_COLOR_TYPE_RGBA, 16, size_t{19 * 8}},
        std::tuple{PNG_COLOR_TYPE_GRAY, 1, size_t{3}},
        std::tuple{PNG_COLOR_TYPE_GRAY_ALPHA, 8, size_t{19 * 2}}}) {
    PngSpec spec = noise(19, 23, type, depth, row_bytes);
    const Samples plain = samples_of(spec);
    spec.interlaced = true;
    EXPECT_EQ(samples_of(spec), plain) << type << ' ' << depth;
  }
}

TEST(Png, ReducesALargePictureWithoutARowSink) {
  const PngSpec spec = noise(1030, 700, PNG_COLOR_TYPE_RGB, 8, 1030 * 3);
  const ByteVector file = encode_png(spec);
  const auto whole = decode(file);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->picture.samples, spec.rows);
  const auto nearest = decode_png(file, std::nullopt, {});
  ASSERT_TRUE(nearest);
  EXPECT_EQ(nearest->nearest.samples, whole->decoded.nearest.samples);
  EXPECT_EQ(nearest->nearest.shape, (PictureShape{512, 512, 3}));
}

TEST(Png, IsAnErrorOrIncompleteAtEveryTruncation) {
  for (const bool interlaced : {false, true}) {
    PngSpec spec = noise(24, 24, PNG_COLOR_TYPE_RGB, 8, 72);
    spec.interlaced = interlaced;
    const ByteVector file = encode_png(spec);
    const size_t data = find_chunk(file, "IDAT");
    for (size_t size = 0; size < file.size(); ++size) {
      const auto whole = decode(std::span(file).first(size));
      if (whole) {
        ASSERT_TRUE(whole->decoded.incomplete) << size;
        EXPECT_EQ(whole->decoded.incomplete->code, ErrorCode::truncated) << size;
        EXPECT_EQ(whole->decoded.incomplete->offset_bytes, size);
        EXPECT_GT(size, data);
        // What is there is right, up to a row that is black.
        if (!interlaced) {
          const auto first_wrong = std::mismatch(whole->picture.samples.begin(),
                                                 whole->picture.samples.end(), spec.rows.begin());
          EXPECT_TRUE(std::all_of(first_wrong.first, whole->picture.samples.end(),
                                  [](uint8_t sample) { return sample == 0; }));
        }
      } else {
        EXPECT_EQ(whole.error().code, ErrorCode::truncated) << size;
        EXPECT_LE(whole.error().offset_bytes, size);
      }
    }
  }
}

TEST(Png, KeepsTheRowsBeforeACut) {
  const PngSpec spec = noise(24, 240, PNG_COLOR_TYPE_RGB, 8, 72);
  const ByteVector file = encode_png(spec);
  const auto whole = decode(std::span(file).first(file.size() / 2));
  ASSERT_TRUE(whole);
  const Samples& got = whole->picture.samples;
  EXPECT_TRUE(std::equal(got.begin(), got.begin() + 72 * 90, spec.rows.begin()));
}

TEST(Png, UsesDataWithAWrongChecksumAndSaysSo) {
  PngSpec spec = noise(8, 8, PNG_COLOR_TYPE_RGB, 8, 24);
  ByteVector file = encode_png(spec);
  const size_t end = find_chunk(file, "IEND");
  file[end - 1] ^= std::byte{1};
  const auto whole = decode(file);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->picture.samples, spec.rows);
  ASSERT_TRUE(whole->decoded.incomplete);
  EXPECT_EQ(whole->decoded.incomplete->code, ErrorCode::integrity_mismatch);
  EXPECT_EQ(whole->decoded.incomplete->rule, "png.chunk-crc");
  EXPECT_EQ(whole->decoded.incomplete->offset_bytes, end);
}

TEST(Png, StopsAtDataThatDoesNotInflate) {
  PngSpec spec = noise(64, 64, PNG_COLOR_TYPE_RGB, 8, 192);
  spec.idat_bytes = 256;
  ByteVector file = encode_png(spec);
  size_t chunk = find_chunk(file, "IDAT");
  for (int i = 0; i < 20; ++i) chunk = find_chunk(file, "IDAT", chunk + 8);
  // Noise is stored, not packed: wreck the header of a stored block by dropping a whole chunk.
  file.erase(file.begin() + static_cast<std::ptrdiff_t>(chunk),
             file.begin() + static_cast<std::ptrdiff_t>(chunk) + 256 + 12);
  const auto whole = decode(file);
  ASSERT_TRUE(whole);
  ASSERT_TRUE(whole->decoded.incomplete);
  EXPECT_EQ(whole->decoded.incomplete->code, ErrorCode::malformed);
}

TEST(Png, RefusesHugeSizesBeforeItAllocates) {
  ByteVector file = encode_png({.width = 2, .rows = {1, 2, 3, 4, 5, 6}});
  for (const size_t at : {size_t{16}, size_t{17}, size_t{20}, size_t{21}}) {
    ByteVector huge = file;
    huge[at] = std::byte{0x7f};
    EXPECT_EQ(decode(huge).error(), Error::at(ErrorCode::limit_exceeded, "max_side_pixels", 16));
    EXPECT_EQ(png_layout(huge, {}).error(),
              Error::at(ErrorCode::limit_exceeded, "max_side_pixels", 16));
  }
  ByteVector large = file;
  large[18] = large[22] = std::byte{0xff};
  EXPECT_EQ(decode(large).error(), Error::at(ErrorCode::limit_exceeded, "max_pixels", 16));
  ByteVector none = file;
  none[19] = std::byte{0};
  EXPECT_EQ(decode(none).error(), Error::at(ErrorCode::malformed, "picture.empty", 16));
}

TEST(Png, RefusesAnInterlacedFileOverTheMemoryLimit) {
  PngSpec spec = noise(64, 64, PNG_COLOR_TYPE_RGB, 8, 192);
  const Limits limits{.max_decode_memory_bytes = 64 * 192 - 1};
  EXPECT_TRUE(decode(encode_png(spec), std::nullopt, limits));
  spec.interlaced = true;
  EXPECT_EQ(decode(encode_png(spec), std::nullopt, limits).error(),
            Error::at(ErrorCode::limit_exceeded, "max_decode_memory_bytes", 16));
}

TEST(Png, NamesTheRuleAndThePlaceOfABrokenHeader) {
  const ByteVector good = encode_png({.width = 2, .rows = {1, 2, 3, 4, 5, 6}});
  ByteVector file = good;
  file[1] = std::byte{'Q'};
  EXPECT_EQ(decode(file).error(), Error::at(ErrorCode::malformed, "png.signature", 0));
  file = good;
  file[12] = std::byte{'i'};
  EXPECT_EQ(decode(file).error(), Error::at(ErrorCode::malformed, "png.header", 8));
  file = insert_at(good, 8, png_chunk("CgBI", "\x50\0\x20\6"s));
  EXPECT_EQ(decode(file).error(), Error::at(ErrorCode::unsupported, "png.cgbi", 8));
  file = good;
  file[24] = std::byte{3};  // bit depth
  EXPECT_EQ(decode(file).error().code, ErrorCode::malformed);
  EXPECT_EQ(decode(file).error().rule, "png.header");
}

TEST(Png, IgnoresATextBomb) {
  const ByteVector good = encode_png({.width = 2, .rows = {1, 2, 3, 4, 5, 6}});
  const std::string bomb = "t\0\0"s + deflate_rows(std::string(64 << 20, 'a'));
  const auto whole = decode(insert_at(good, 33, png_chunk("zTXt", bomb)));
  ASSERT_TRUE(whole);
  EXPECT_FALSE(whole->decoded.incomplete);
}

TEST(PngLayout, GivesSizeAndOrientation) {
  const ByteVector good = encode_png({.width = 3, .height = 2, .rows = Samples(18)});
  const auto layout = png_layout(good, {});
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->width, 3u);
  EXPECT_EQ(layout->height, 2u);
  EXPECT_EQ(layout->exif_orientation, 1);
  EXPECT_TRUE(layout->members.empty());
  EXPECT_TRUE(layout->remarks.empty());
  const std::string exif = "MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"s;
  const auto turned = png_layout(insert_at(good, 33, png_chunk("eXIf", exif)), {});
  ASSERT_TRUE(turned);
  EXPECT_EQ(turned->exif_orientation, 6);
}

TEST(PngLayout, RemarksTrailingData) {
  ByteVector file = encode_png({.width = 2, .rows = {1, 2, 3, 4, 5, 6}});
  const size_t size = file.size();
  append(file, "more");
  const auto layout = png_layout(file, {});
  ASSERT_TRUE(layout);
  ASSERT_EQ(layout->remarks.size(), 1u);
  EXPECT_EQ(layout->remarks[0].kind, "trailing_data");
  EXPECT_EQ(layout->remarks[0].offset_bytes, size);
  EXPECT_EQ(layout->remarks[0].length_bytes, 4u);
  EXPECT_TRUE(layout->remarks[0].leaves_content_unexamined);
  EXPECT_FALSE(decode(file)->decoded.incomplete);
}

TEST(PngLayout, RemarksAStructureThatBreaksOff) {
  const ByteVector file = encode_png({.width = 2, .rows = {1, 2, 3, 4, 5, 6}});
  const auto layout = png_layout(std::span(file).first(file.size() - 6), {});
  ASSERT_TRUE(layout);
  ASSERT_EQ(layout->remarks.size(), 1u);
  EXPECT_EQ(layout->remarks[0].kind, "damaged_structure");
}

std::string frame_control(uint32_t sequence, uint32_t width, uint32_t height, uint32_t x,
                          uint32_t y, char disposal, char blend) {
  return png_chunk("fcTL", u32_be_text(sequence) + u32_be_text(width) + u32_be_text(height) +
                               u32_be_text(x) + u32_be_text(y) + "\0\1\0\1"s + disposal + blend);
}

/// Two by one pixels: the main picture, then a frame that paints the right pixel, then one that
/// lays a transparent pixel over the left.
ByteVector animation(bool main_is_frame) {
  const ByteVector still = encode_png(
      {.width = 2, .colour_type = PNG_COLOR_TYPE_RGBA, .rows = {1, 2, 3, 255, 4, 5, 6, 255}});
  std::string before = png_chunk("acTL", u32_be_text(3) + u32_be_text(0));
  if (main_is_frame) before += frame_control(0, 2, 1, 0, 0, 0, 0);
  const std::string after =
      frame_control(1, 1, 1, 1, 0, 0, 0) +
      png_chunk("fdAT", u32_be_text(2) + deflate_rows("\0\x0a\x0b\x0c\xff"s)) +
      frame_control(3, 1, 1, 0, 0, 0, 1) +
      png_chunk("fdAT", u32_be_text(4) + deflate_rows("\0\x63\x63\x63\0"s));
  ByteVector file = insert_at(still, 33, before);
  return insert_at(file, find_chunk(file, "IEND"), after);
}

TEST(Apng, GivesFurtherFramesAsTheCanvasAViewerShows) {
  const ByteVector file = animation(true);
  const auto layout = png_layout(file, {});
  ASSERT_TRUE(layout);
  ASSERT_EQ(layout->members.size(), 2u);
  EXPECT_EQ(layout->members[0].kind, Member::Kind::frame);
  EXPECT_EQ(layout->members[0].offset_bytes, find_chunk(file, "fcTL", 33 + 20 + 8 + 38));
  EXPECT_EQ(decode(file)->picture.samples, (Samples{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(decode(file, 0)->picture.samples, (Samples{1, 2, 3, 10, 11, 12}));
  EXPECT_EQ(decode(file, 1)->picture.samples, (Samples{1, 2, 3, 10, 11, 12}));
  EXPECT_EQ(decode(file, 2).error().code, ErrorCode::not_found);
}

TEST(Apng, LeavesAMainPictureOutsideTheAnimationOutOfIt) {
  const ByteVector file = animation(false);
  const auto layout = png_layout(file, {});
  ASSERT_TRUE(layout);
  ASSERT_EQ(layout->members.size(), 2u);
  EXPECT_EQ(decode(file)->picture.samples, (Samples{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(decode(file, 0)->picture.samples, (Samples{0, 0, 0, 10, 11, 12}));
}

TEST(Apng, RemarksFramesOverTheLimit) {
  const auto layout = png_layout(animation(true), {.max_picture_members = 1});
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->members.size(), 1u);
  ASSERT_EQ(layout->remarks.size(), 1u);
  EXPECT_EQ(layout->remarks[0].kind, "more_members");
  EXPECT_TRUE(layout->remarks[0].leaves_content_unexamined);
}

TEST(Apng, RefusesAFrameOutsideItsCanvas) {
  ByteVector file = animation(true);
  const size_t second = find_chunk(file, "fcTL", find_chunk(file, "IDAT"));
  file[second + 8 + 12 + 3] = std::byte{2};  // x
  EXPECT_EQ(decode(file, 0).error(), Error::at(ErrorCode::malformed, "png.frame-place", second));
}

TEST(Apng, SurvivesEveryTruncation) {
  const ByteVector file = animation(true);
  for (size_t size = 0; size < file.size(); ++size) {
    exercise(std::span(file).first(size), png_layout, decode_png);
  }
}

}  // namespace
}  // namespace safelight::codec
