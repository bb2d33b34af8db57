#include "safelight/codec/still/bmp/bmp.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "safelight/base/byte_writer.h"
#include "safelight/codec/decode_for_test.h"

namespace safelight::codec {
namespace {

using Samples = std::vector<uint8_t>;
using Bytes = std::vector<std::byte>;

constexpr WholeFileDecoder<decode_bmp> decode;

struct Spec {
  uint32_t width = 2;
  int32_t height = 1;
  uint16_t depth = 24;
  uint32_t compression = 0;
  uint32_t header_bytes = 40;
  std::vector<uint32_t> masks{};
  std::vector<std::array<uint8_t, 3>> palette{};  ///< Red, green, blue.
  std::vector<uint8_t> data{};                    ///< As stored.
};

Bytes make(const Spec& spec) {
  ByteWriter header;
  header.u32_le(spec.header_bytes);
  if (spec.header_bytes == 12) {
    header.u16_le(static_cast<uint16_t>(spec.width));
    header.u16_le(static_cast<uint16_t>(spec.height));
    header.u16_le(1);
    header.u16_le(spec.depth);
  } else {
    header.u32_le(spec.width);
    header.u32_le(static_cast<uint32_t>(spec.height));
    header.u16_le(1);
    header.u16_le(spec.depth);
    header.u32_le(spec.compression);
    header.u32_le(spec.compression == 0 ? 0 : static_cast<uint32_t>(spec.data.size()));
    header.u32_le(0);
    header.u32_le(0);
    header.u32_le(static_cast<uint32_t>(spec.palette.size()));
    header.u32_le(0);
  }
  for (const uint32_t mask : spec.masks) header.u32_le(mask);
  while (header.view().size() < spec.header_bytes) header.u8(0);
  for (const auto& entry : spec.palette) {
    for (size_t c = 3; c-- > 0;) header.u8(entry[c]);
    if (spec.header_bytes != 12) header.u8(0);
  }
  ByteWriter file;
  const size_t offset = 14 + header.view().size();
  file.text("BM");
  file.u32_le(static_cast<uint32_t>(offset + spec.data.size()));
  file.u32_le(0);
  file.u32_le(static_cast<uint32_t>(offset));
  file.bytes(header.view());
  file.bytes(std::as_bytes(std::span(spec.data)));
  return std::move(file).take();
}

Samples samples_of(const Spec& spec) {
  const auto whole = decode(make(spec));
  EXPECT_TRUE(whole);
  if (!whole) return {};
  EXPECT_FALSE(whole->decoded.incomplete);
  return whole->picture.samples;
}

const std::vector<std::array<uint8_t, 3>> kColours = {
    {10, 20, 30}, {40, 50, 60}, {70, 80, 90}, {200, 0, 100}};

Samples colours_of(const Samples& indices) {
  Samples rgb;
  for (const uint8_t index : indices) {
    rgb.insert(rgb.end(), kColours[index].begin(), kColours[index].end());
  }
  return rgb;
}

Spec of_words(uint16_t depth, const std::vector<uint32_t>& pixels,
              const std::vector<uint32_t>& masks, uint32_t header_bytes = 40) {
  Spec spec{.width = static_cast<uint32_t>(pixels.size()),
            .depth = depth,
            .compression = masks.empty() ? 0u : 3u,
            .header_bytes = header_bytes,
            .masks = masks};
  for (const uint32_t pixel : pixels) {
    for (uint32_t i = 0; i < depth; i += 8) spec.data.push_back(static_cast<uint8_t>(pixel >> i));
  }
  spec.data.resize((spec.data.size() + 3) / 4 * 4);
  return spec;
}

TEST(Bmp, DecodesColourFromTheBottomOrTheTop) {
  Spec spec{.height = 2, .data = {3, 2, 1, 6, 5, 4, 0, 0, 9, 8, 7, 12, 11, 10, 0, 0}};
  EXPECT_EQ(samples_of(spec), (Samples{7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6}));
  spec.height = -2;
  EXPECT_EQ(samples_of(spec), (Samples{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  spec.height = 2;
  spec.header_bytes = 12;
  EXPECT_EQ(samples_of(spec), (Samples{7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6}));
  spec.header_bytes = 124;
  EXPECT_EQ(samples_of(spec), (Samples{7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6}));
}

TEST(Bmp, DecodesPalettesOfEveryDepth) {
  EXPECT_EQ(samples_of({.width = 10, .depth = 1, .palette = kColours, .data = {0xaa, 0x40, 0, 0}}),
            colours_of({1, 0, 1, 0, 1, 0, 1, 0, 0, 1}));
  EXPECT_EQ(samples_of({.width = 5, .depth = 2, .palette = kColours, .data = {0x1b, 0x40, 0, 0}}),
            colours_of({0, 1, 2, 3, 1}));
  EXPECT_EQ(samples_of({.width = 5, .depth = 4, .palette = kColours, .data = {1, 0x23, 0x20, 0}}),
            colours_of({0, 1, 2, 3, 2}));
  EXPECT_EQ(samples_of({.width = 3, .depth = 8, .palette = kColours, .data = {3, 1, 2, 0}}),
            colours_of({3, 1, 2}));
  EXPECT_EQ(
      samples_of(
          {.width = 3, .depth = 8, .header_bytes = 12, .palette = kColours, .data = {3, 1, 2, 0}}),
      colours_of({3, 1, 2}));
}

TEST(Bmp, ShowsAnIndexBeyondThePaletteAsEntryZero) {
  EXPECT_EQ(samples_of({.width = 2, .depth = 8, .palette = kColours, .data = {9, 1, 0, 0}}),
            colours_of({0, 1}));
}

// What `convert` of ImageMagick 6.9.11 makes of the same files.
TEST(Bmp, WidensSixteenBitsAsImageMagickDoes) {
  EXPECT_EQ(samples_of(of_words(16, {0x7fff, 0x1234, 0x7c1f, 0x5555}, {})),
            (Samples{255, 255, 255, 33, 140, 165, 255, 0, 255, 173, 82, 173}));
  EXPECT_EQ(samples_of(of_words(16, {0xffff, 0x1234, 0x07e0, 0x5555}, {0xf800, 0x7e0, 0x1f})),
            (Samples{255, 255, 255, 16, 69, 165, 0, 255, 0, 82, 170, 173}));
  EXPECT_EQ(
      samples_of(of_words(16, {0xffff, 0x1234, 0x07e0, 0x5555}, {0xf00, 0xf0, 0xf, 0xf000}, 56)),
      (Samples{240, 240, 240, 32, 48, 64, 112, 224, 0, 80, 80, 80}));
  EXPECT_EQ(samples_of(of_words(16, {0xe0, 0x1c, 0x3, 0xb6}, {0xe0, 0x1c, 0x3})),
            (Samples{224, 0, 0, 0, 224, 0, 0, 0, 192, 160, 160, 128}));
}

TEST(Bmp, DecodesThirtyTwoBitsWithoutTheirAlpha) {
  EXPECT_EQ(samples_of(of_words(32, {0x63010203, 0x00040506}, {})), (Samples{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(samples_of(of_words(32, {0x11223344, 0xaabbccdd}, {0xff000000, 0xff0000, 0xff00})),
            (Samples{0x11, 0x22, 0x33, 0xaa, 0xbb, 0xcc}));
  EXPECT_EQ(
      samples_of(of_words(32, {0x3ff << 20 | 0x155 << 10 | 0x2aa, 0x111 << 20 | 0x222 << 10 | 0x80},
                          {0x3ff00000, 0xffc00, 0x3ff})),
      (Samples{255, 85, 170, 68, 136, 32}));
}

TEST(Bmp, UnpacksRunsOfEightBits) {
  EXPECT_EQ(samples_of({.width = 6,
                        .height = 3,
                        .depth = 8,
                        .compression = 1,
                        .palette = kColours,
                        .data = {3, 1, 0, 3, 2, 3, 1, 0, 0, 0, 0, 2, 2, 1, 2, 3, 0, 1}}),
            colours_of({0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 3, 1}));
}

TEST(Bmp, UnpacksRunsOfFourBits) {
  EXPECT_EQ(samples_of({.width = 6,
                        .height = 2,
                        .depth = 4,
                        .compression = 2,
                        .palette = kColours,
                        .data = {5, 0x12, 0, 0, 0, 5, 0x31, 0x23, 0x20, 0, 0, 1}}),
            colours_of({3, 1, 2, 3, 2, 0, 1, 2, 1, 2, 1, 0}));
}

TEST(Bmp, LetsARunGoOnIntoTheNextRow) {
  EXPECT_EQ(samples_of({.width = 6,
                        .height = 2,
                        .depth = 8,
                        .compression = 1,
                        .palette = kColours,
                        .data = {9, 1, 0, 0, 2, 3, 0, 1}}),
            colours_of({3, 3, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1}));
}

TEST(Bmp, IsAnErrorOrIncompleteAtEveryTruncation) {
  const Spec plain{.width = 2,
                   .height = 3,
                   .depth = 8,
                   .palette = kColours,
                   .data = {0, 1, 0, 0, 2, 3, 0, 0, 1, 1, 0, 0}};
  Spec packed = plain;
  packed.compression = 1;
  packed.data = {2, 1, 0, 0, 2, 3, 0, 0, 0, 2, 1, 0, 1, 2, 0, 1};
  Spec masked = of_words(32, {0x11223344, 0xaabbccdd}, {0xff000000, 0xff0000, 0xff00}, 124);
  for (const Spec& spec : {plain, packed, masked}) {
    const Bytes file = make(spec);
    for (size_t size = 0; size < file.size(); ++size) {
      const auto whole = decode(std::span(file).first(size));
      const std::optional<Error> error = whole ? whole->decoded.incomplete : whole.error();
      ASSERT_TRUE(error) << size;
      EXPECT_EQ(error->code, ErrorCode::truncated) << size;
      EXPECT_EQ(error->offset_kind, OffsetKind::exact);
    }
  }
}

TEST(Bmp, KeepsTheLowerRowsOfACutFile) {
  const Spec spec{.width = 1, .height = 3, .data = {3, 2, 1, 0, 6, 5, 4, 0, 9, 8, 7, 0}};
  const Bytes file = make(spec);
  const auto whole = decode(std::span(file).first(file.size() - 2));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->picture.samples, (Samples{0, 0, 0, 4, 5, 6, 1, 2, 3}));
  EXPECT_EQ(whole->decoded.incomplete,
            Error::at(ErrorCode::truncated, "bmp.data", file.size() - 2));
}

TEST(Bmp, NamesTheRuleAndThePlaceOfABrokenField) {
  const Bytes good = make({.data = {3, 2, 1, 6, 5, 4, 0, 0}});
  const auto broken = [&](size_t at, int value) {
    Bytes file = good;
    file[at] = static_cast<std::byte>(value);
    return decode(file).error();
  };
  EXPECT_EQ(broken(1, 'X'), Error::at(ErrorCode::malformed, "bmp.signature", 0));
  EXPECT_EQ(broken(14, 9), Error::at(ErrorCode::malformed, "bmp.header-length", 14));
  EXPECT_EQ(broken(18, 0), Error::at(ErrorCode::malformed, "picture.empty", 18));
  EXPECT_EQ(broken(20, 1), Error::at(ErrorCode::limit_exceeded, "max_side_pixels", 18));
  EXPECT_EQ(broken(21, 0x80), Error::at(ErrorCode::limit_exceeded, "max_side_pixels", 18));
  EXPECT_EQ(broken(25, 0x7f), Error::at(ErrorCode::limit_exceeded, "max_side_pixels", 18));
  EXPECT_EQ(broken(28, 7), Error::at(ErrorCode::unsupported, "bmp.depth", 28));
  EXPECT_EQ(broken(30, 9), Error::at(ErrorCode::unsupported, "bmp.compression", 30));
  EXPECT_EQ(broken(13, 1), Error::at(ErrorCode::truncated, "bmp.data", good.size()));
}

TEST(Bmp, RefusesAPackedFileOverTheMemoryLimit) {
  const Bytes file = make({.width = 64,
                           .height = 64,
                           .depth = 8,
                           .compression = 1,
                           .palette = kColours,
                           .data = {0, 1}});
  EXPECT_TRUE(decode(file, std::nullopt, {.max_decode_memory_bytes = 4096}));
  EXPECT_EQ(decode(file, std::nullopt, {.max_decode_memory_bytes = 4095}).error(),
            Error::at(ErrorCode::limit_exceeded, "max_decode_memory_bytes", 18));
}

TEST(BmpLayout, RemarksTrailingDataButNotPadding) {
  Bytes file = make({.data = {3, 2, 1, 6, 5, 4, 0, 0}});
  const size_t size = file.size();
  file.resize(size + 2);
  EXPECT_TRUE(bmp_layout(file, {})->remarks.empty());
  file.back() = std::byte{1};
  const auto layout = bmp_layout(file, {});
  ASSERT_EQ(layout->remarks.size(), 1u);
  EXPECT_EQ(layout->remarks[0].kind, "trailing_data");
  EXPECT_EQ(layout->remarks[0].offset_bytes, size);
  EXPECT_EQ(layout->width, 2u);
  EXPECT_EQ(layout->height, 1u);
}

TEST(BmpLayout, GivesAJpegInPlaceOfPixelsAsAMember) {
  const Bytes file = make({.depth = 0, .compression = 4, .data = {0xff, 0xd8, 0xff, 0xd9}});
  const auto layout = bmp_layout(file, {});
  ASSERT_TRUE(layout);
  ASSERT_EQ(layout->members.size(), 1u);
  EXPECT_EQ(layout->members[0].format, Format::jpeg);
  EXPECT_EQ(layout->members[0].offset_bytes, 54u);
  EXPECT_EQ(layout->members[0].length_bytes, 4u);
  EXPECT_EQ(decode(file).error(), Error::at(ErrorCode::unsupported, "bmp.packed-file", 54));
}

}  // namespace
}  // namespace safelight::codec
