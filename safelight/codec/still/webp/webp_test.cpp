#include "safelight/codec/still/webp/webp.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <webp/decode.h>
#include <webp/encode.h>

#include "safelight/codec/decode_for_test.h"

namespace safelight::codec {
namespace {

using namespace std::string_literals;
using Samples = std::vector<uint8_t>;

constexpr WholeFileDecoder<decode_webp> decode;

Result<Layout> layout_of(std::string_view file, const Limits& limits = {}) {
  return webp_layout(std::as_bytes(std::span(file)), limits);
}

enum class Packing { lossless, lossy };

std::string encode(const Samples& rgba, int width, int height, Packing packing) {
  WebPConfig config;
  EXPECT_TRUE(WebPConfigInit(&config));
  config.lossless = packing == Packing::lossless;
  config.exact = 1;
  config.quality = 80;
  WebPPicture picture;
  EXPECT_TRUE(WebPPictureInit(&picture));
  picture.use_argb = config.lossless;
  picture.width = width;
  picture.height = height;
  EXPECT_TRUE(WebPPictureImportRGBA(&picture, rgba.data(), width * 4));
  WebPMemoryWriter writer;
  WebPMemoryWriterInit(&writer);
  picture.writer = WebPMemoryWrite;
  picture.custom_ptr = &writer;
  EXPECT_TRUE(WebPEncode(&config, &picture));
  std::string file(reinterpret_cast<const char*>(writer.mem), writer.size);
  WebPMemoryWriterClear(&writer);
  WebPPictureFree(&picture);
  return file;
}

/// Smooth enough that a lossy picture stays small, noisy enough that it is not empty.
Samples chart(int width, int height, bool alpha = false) {
  std::mt19937_64 random(3);
  Samples rgba;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      rgba.push_back(static_cast<uint8_t>(x * 5 + random() % 8));
      rgba.push_back(static_cast<uint8_t>(y * 3 + random() % 8));
      rgba.push_back(static_cast<uint8_t>(x * y));
      rgba.push_back(alpha ? static_cast<uint8_t>(random()) : uint8_t{255});
    }
  }
  return rgba;
}

Samples without_alpha(const Samples& rgba) {
  Samples rgb;
  for (size_t i = 0; i < rgba.size(); ++i) {
    if (i % 4 != 3) rgb.push_back(rgba[i]);
  }
  return rgb;
}

std::string u32_le(uint32_t value) {
  std::string text;
  for (int shift = 0; shift < 32; shift += 8) text.push_back(static_cast<char>(value >> shift));
  return text;
}

std::string u24_le(uint32_t value) { return u32_le(value).substr(0, 3); }

std::string chunk(std::string_view type, std::string_view data) {
  std::string out = std::string(type) + u32_le(static_cast<uint32_t>(data.size()));
  out += data;
  if (data.size() % 2 == 1) out.push_back('\0');
  return out;
}

std::string riff(std::string_view chunks) {
  return "RIFF" + u32_le(static_cast<uint32_t>(4 + chunks.size())) + "WEBP" + std::string(chunks);
}

std::string extended_header(char flags, uint32_t width, uint32_t height) {
  return chunk("VP8X", flags + "\0\0\0"s + u24_le(width - 1) + u24_le(height - 1));
}

std::string frame(uint32_t x, uint32_t y, uint32_t width, uint32_t height, char flags,
                  const Samples& rgba) {
  const std::string still =
      encode(rgba, static_cast<int>(width), static_cast<int>(height), Packing::lossless);
  return chunk("ANMF", u24_le(x / 2) + u24_le(y / 2) + u24_le(width - 1) + u24_le(height - 1) +
                           "\x64\0\0"s + flags + still.substr(12));
}

/// Four by one pixels. The second frame paints the two on the right and goes again; the third is
/// transparent.
std::string animation() {
  return riff(extended_header(2, 4, 1) + chunk("ANIM", "\xff\xff\xff\xff\0\0"s) +
              frame(0, 0, 4, 1, 0, {1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255, 10, 11, 12, 255}) +
              frame(2, 0, 2, 1, 1, {20, 21, 22, 255, 30, 31, 32, 255}) +
              frame(0, 0, 2, 1, 0, {9, 9, 9, 0, 40, 41, 42, 255}));
}

TEST(Webp, DecodesLosslessPixelsAndDropsAlpha) {
  const Samples rgba = chart(13, 7, true);
  const auto whole = decode(encode(rgba, 13, 7, Packing::lossless));
  ASSERT_TRUE(whole);
  EXPECT_FALSE(whole->decoded.incomplete);
  EXPECT_EQ(whole->picture.shape, (PictureShape{13, 7, 3}));
  EXPECT_EQ(whole->picture.samples, without_alpha(rgba));
}

TEST(Webp, DecodesLossyPixelsAsTheWholeDecoderDoes) {
  for (const bool alpha : {false, true}) {
    const std::string file = encode(chart(101, 67, alpha), 101, 67, Packing::lossy);
    const auto whole = decode(file);
    ASSERT_TRUE(whole);
    int width = 0;
    int height = 0;
    uint8_t* expected =
        WebPDecodeRGBA(reinterpret_cast<const uint8_t*>(file.data()), file.size(), &width, &height);
    ASSERT_NE(expected, nullptr);
    EXPECT_EQ(whole->picture.samples,
              without_alpha(Samples(expected, expected + size_t{4} * 101 * 67)));
    WebPFree(expected);
  }
}

TEST(WebpLosslessRows, KeepAlphaAsStored) {
  const Samples rgba = chart(64, 48, true);
  const auto whole = decode(encode(rgba, 64, 48, Packing::lossless));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->lossless.shape, (PictureShape{64, 48, 4}));
  EXPECT_EQ(whole->lossless.samples, rgba);
  EXPECT_EQ(whole->picture.samples, without_alpha(rgba));
}

TEST(WebpLosslessRows, ChangeNothingOfTheOthers) {
  const std::string file = encode(chart(600, 48, true), 600, 48, Packing::lossless);
  const auto with = decode(file);
  CheckedRows rows;
  const DecodeRequest request{.limits = {}, .rows = &rows};
  const auto without = decode_webp(std::as_bytes(std::span(file)), std::nullopt, request);
  ASSERT_TRUE(with && without);
  EXPECT_EQ(with->picture.samples, rows.picture().samples);
  EXPECT_EQ(with->decoded.nearest.samples, without->nearest.samples);
}

TEST(WebpLosslessRows, HaveNoAlphaWhereThereIsNone) {
  const Samples rgba = chart(64, 48);
  const auto whole = decode(encode(rgba, 64, 48, Packing::lossless));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->lossless.samples, without_alpha(rgba));
}

TEST(WebpLosslessRows, AreNoneOfALossyPictureOrAnAnimation) {
  EXPECT_EQ(decode(encode(chart(64, 48, true), 64, 48, Packing::lossy))->lossless.shape.channels,
            0u);
  EXPECT_EQ(decode(animation())->lossless.shape.channels, 0u);
}

TEST(WebpLosslessRows, EndWhereTheFileIsCut) {
  const Samples rgba = chart(64, 256, true);
  const std::string file = encode(rgba, 64, 256, Packing::lossless);
  const auto whole = decode(std::string_view(file).substr(0, file.size() * 3 / 4));
  ASSERT_TRUE(whole);
  const Samples& lossless = whole->lossless.samples;
  ASSERT_GT(lossless.size(), size_t{64} * 64 * 4);
  ASSERT_LT(lossless.size(), rgba.size());
  EXPECT_TRUE(std::equal(lossless.begin(), lossless.end(), rgba.begin()));
}

TEST(Webp, IsAnErrorOrIncompleteAtEveryTruncation) {
  for (const Packing packing : {Packing::lossless, Packing::lossy}) {
    const std::string file = encode(chart(40, 40), 40, 40, packing);
    for (size_t size = 0; size < file.size(); ++size) {
      const auto whole = decode(std::string_view(file).substr(0, size));
      if (whole) {
        ASSERT_TRUE(whole->decoded.incomplete) << size;
        EXPECT_EQ(whole->decoded.incomplete->code, ErrorCode::truncated);
        EXPECT_LE(whole->decoded.incomplete->offset_bytes, size);
      } else {
        EXPECT_EQ(whole.error().code, ErrorCode::truncated) << size;
      }
    }
  }
}

TEST(Webp, KeepsTheRowsBeforeACut) {
  const Samples rgba = chart(64, 256);
  const std::string file = encode(rgba, 64, 256, Packing::lossless);
  const auto whole = decode(std::string_view(file).substr(0, file.size() * 3 / 4));
  ASSERT_TRUE(whole);
  const Samples expected = without_alpha(rgba);
  EXPECT_TRUE(
      std::equal(expected.begin(), expected.begin() + 64 * 64 * 3, whole->picture.samples.begin()));
  EXPECT_EQ(whole->picture.samples.back(), 0);
}

TEST(Webp, NamesTheRuleAndThePlaceOfABrokenHeader) {
  const std::string good = encode(chart(8, 8), 8, 8, Packing::lossless);
  std::string file = good;
  file[0] = 'X';
  EXPECT_EQ(decode(file).error(), Error::at(ErrorCode::malformed, "webp.signature", 0));
  file = good;
  file[11] = 'X';
  EXPECT_EQ(decode(file).error(), Error::at(ErrorCode::malformed, "webp.signature", 8));
  file = good;
  file[14] = 'X';
  EXPECT_EQ(decode(file).error(), Error::at(ErrorCode::malformed, "webp.first-chunk", 12));
  file = good;
  file[20] = 'X';
  EXPECT_EQ(decode(file).error().code, ErrorCode::malformed);
  EXPECT_EQ(decode(file).error().rule, "webp.data");
}

TEST(Webp, RefusesHugeSizesBeforeItAllocates) {
  std::string file = animation();
  file.replace(24, 6, "\xff\xff\xff\xff\xff\xff");
  EXPECT_EQ(decode(file).error(), Error::at(ErrorCode::limit_exceeded, "max_side_pixels", 24));
  EXPECT_EQ(layout_of(file).error(), Error::at(ErrorCode::limit_exceeded, "max_side_pixels", 24));
  file.replace(24, 6, "\xfe\xff\0\xfe\xff\0"s);
  EXPECT_EQ(decode(file).error(), Error::at(ErrorCode::limit_exceeded, "max_pixels", 24));
  const std::string still = encode(chart(64, 64), 64, 64, Packing::lossless);
  EXPECT_EQ(decode(still, std::nullopt, {.max_decode_memory_bytes = 64 * 64 * 8 - 1}).error(),
            Error::at(ErrorCode::limit_exceeded, "max_decode_memory_bytes", 21));
}

TEST(WebpLayout, GivesSizeAndOrientation) {
  const std::string still = encode(chart(6, 5), 6, 5, Packing::lossy);
  const auto simple = layout_of(still);
  ASSERT_TRUE(simple);
  EXPECT_EQ(simple->width, 6u);
  EXPECT_EQ(simple->height, 5u);
  EXPECT_TRUE(simple->remarks.empty());
  const std::string exif = "II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\x08\0\0\0\0\0\0\0"s;
  const std::string file = riff(extended_header(8, 6, 5) + still.substr(12) + chunk("EXIF", exif));
  const auto layout = layout_of(file);
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->exif_orientation, 8);
  EXPECT_EQ(decode(file)->picture.samples, decode(still)->picture.samples);
}

TEST(WebpLayout, RemarksTrailingDataAndACut) {
  const std::string file = encode(chart(6, 5), 6, 5, Packing::lossless);
  const auto longer = layout_of(file + "more");
  ASSERT_EQ(longer->remarks.size(), 1u);
  EXPECT_EQ(longer->remarks[0].kind, "trailing_data");
  EXPECT_EQ(longer->remarks[0].offset_bytes, file.size());
  EXPECT_EQ(longer->remarks[0].length_bytes, 4u);
  const auto cut = layout_of(std::string_view(file).substr(0, file.size() - 2));
  ASSERT_EQ(cut->remarks.size(), 1u);
  EXPECT_EQ(cut->remarks[0].kind, "damaged_structure");
}

TEST(WebpAnimation, GivesFramesAsTheCanvasAViewerShows) {
  const std::string file = animation();
  const auto layout = layout_of(file);
  ASSERT_TRUE(layout);
  EXPECT_TRUE(layout->remarks.empty());
  ASSERT_EQ(layout->members.size(), 2u);
  EXPECT_EQ(file.substr(layout->members[0].offset_bytes, 4), "ANMF");
  EXPECT_EQ(decode(file)->picture.samples, (Samples{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  EXPECT_EQ(decode(file, 0)->picture.samples, (Samples{1, 2, 3, 4, 5, 6, 20, 21, 22, 30, 31, 32}));
  EXPECT_EQ(decode(file, 1)->picture.samples, (Samples{1, 2, 3, 40, 41, 42, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(decode(file, 2).error().code, ErrorCode::not_found);
}

TEST(WebpAnimation, RemarksFramesOverTheLimit) {
  const auto layout = layout_of(animation(), {.max_picture_members = 1});
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->members.size(), 1u);
  ASSERT_EQ(layout->remarks.size(), 1u);
  EXPECT_EQ(layout->remarks[0].kind, "more_members");
}

TEST(WebpAnimation, RefusesAFrameOutsideItsCanvas) {
  std::string file = animation();
  const size_t second = file.find("ANMF", file.find("ANMF") + 1);
  file[second + 8] = 2;
  EXPECT_EQ(decode(file, 0).error(), Error::at(ErrorCode::malformed, "webp.frame-place", second));
  EXPECT_TRUE(decode(file));
}

TEST(WebpAnimation, SurvivesEveryTruncation) {
  const std::string file = animation();
  for (size_t size = 0; size < file.size(); ++size) {
    exercise(std::as_bytes(std::span(file)).first(size), webp_layout, decode_webp);
  }
}

}  // namespace
}  // namespace safelight::codec
