#include "safelight/codec/still/tiff/tiff.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

#include "safelight/codec/decode_for_test.h"
#include "safelight/codec/still/tiff/tiff_encode_for_test.h"
#include "safelight/codec/still/tiff/tiff_structure.h"

namespace safelight::codec {
namespace {

using Samples = std::vector<uint8_t>;

constexpr WholeFileDecoder<decode_tiff> decode;

Samples samples_of(const ByteVector& file) {
  const auto whole = decode(file);
  EXPECT_TRUE(whole) << (whole ? "" : whole.error().rule);
  if (!whole) return {};
  EXPECT_FALSE(whole->decoded.incomplete);
  return whole->picture.samples;
}

Samples samples_of(TiffDirectory directory,
                   const std::map<uint16_t, TiffDirectory::Field>& more = {}) {
  for (const auto& [tag, field] : more) directory.fields[tag] = field;
  return samples_of(write_tiff({directory}));
}

Samples noise(size_t size) {
  std::mt19937_64 random(11);
  Samples samples(size);
  for (uint8_t& sample : samples) sample = static_cast<uint8_t>(random());
  return samples;
}

/// Little-endian samples of 16 bits.
Samples of_words(const std::vector<uint32_t>& words) {
  Samples bytes;
  for (const uint32_t word : words) {
    bytes.push_back(static_cast<uint8_t>(word));
    bytes.push_back(static_cast<uint8_t>(word >> 8));
  }
  return bytes;
}

Samples of_floats(const std::vector<float>& values) {
  Samples bytes(values.size() * 4);
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

const TiffDirectory::Field kAssociated = {3, {1}};
const TiffDirectory::Field kUnassociated = {3, {2}};

TEST(Tiff, DecodesEveryPackingInStripsTilesAndPlanes) {
  const Samples rgb = noise(33 * 21 * 3);
  for (const int compression :
       {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS}) {
    for (const int planes : {PLANARCONFIG_CONTIG, PLANARCONFIG_SEPARATE}) {
      for (const uint32_t tile_side : {0u, 16u}) {
        for (const char* mode : {"w", "wb", "w8"}) {
          const TiffSpec spec{.compression = static_cast<uint16_t>(compression),
                              .planes = static_cast<uint16_t>(planes),
                              .tile_side = tile_side,
                              .mode = mode};
          EXPECT_EQ(samples_of(encode_tiff(spec, rgb)), rgb)
              << compression << ' ' << planes << ' ' << tile_side << ' ' << mode;
        }
      }
    }
  }
  EXPECT_EQ(samples_of(encode_tiff({.compression = COMPRESSION_LZW, .predictor = 2}, rgb)), rgb);
}

TEST(Tiff, NarrowsSixteenBitsInEitherByteOrder) {
  const Samples rows = noise(33 * 21 * 2);
  Samples expected;
  for (size_t i = 0; i < rows.size(); i += 2) {
    expected.push_back(static_cast<uint8_t>((rows[i] | rows[i + 1] << 8) / 257));
  }
  for (const char* mode : {"w", "wb"}) {
    for (const uint32_t tile_side : {0u, 16u}) {
      EXPECT_EQ(samples_of(encode_tiff({.bits = 16,
                                        .samples = 1,
                                        .photometric = PHOTOMETRIC_MINISBLACK,
                                        .compression = COMPRESSION_LZW,
                                        .tile_side = tile_side,
                                        .mode = mode},
                                       rows)),
                expected);
    }
  }
}

TEST(Tiff, DecodesAJpegWithinItAsColour) {
  const Samples grey(33 * 21 * 3, 77);
  const ByteVector file = encode_tiff({.compression = COMPRESSION_JPEG, .strip_rows = 16}, grey);
  const Samples got = samples_of(file);
  ASSERT_EQ(got.size(), grey.size());
  for (const uint8_t sample : got) EXPECT_NEAR(sample, 77, 2);
}

// The expected values below are what `convert` of ImageMagick 6.9.11 makes of the same files.
TEST(Tiff, SpreadsGreyOfFewBits) {
  EXPECT_EQ(samples_of(tiff_directory(8, 1, 1, 1, 1, {0xb2})),
            (Samples{255, 0, 255, 255, 0, 0, 255, 0}));
  EXPECT_EQ(samples_of(tiff_directory(8, 1, 1, 0, 1, {0xb2})),
            (Samples{0, 255, 0, 0, 255, 255, 0, 255}));
  EXPECT_EQ(samples_of(tiff_directory(4, 1, 2, 1, 1, {0x1b})), (Samples{0, 85, 170, 255}));
  EXPECT_EQ(samples_of(tiff_directory(2, 1, 4, 1, 1, {0x1f})), (Samples{17, 255}));
  EXPECT_EQ(samples_of(tiff_directory(2, 1, 12, 1, 1, {0x12, 0x3f, 0xff})), (Samples{18, 255}));
  EXPECT_EQ(samples_of(tiff_directory(8, 1, 1, 2, 3, {0x2e, 0xe2, 0xaa})),
            (Samples{0, 0, 255, 0, 255, 255, 255, 0, 255, 255, 255, 0,
                     0, 0, 255, 0, 255, 0,   255, 0, 255, 0,   255, 0}));
}

TEST(Tiff, TurnsWhiteIsZeroRoundUnlessThereIsAlpha) {
  EXPECT_EQ(samples_of(tiff_directory(4, 1, 8, 0, 1, {0, 1, 100, 255})),
            (Samples{255, 254, 155, 0}));
  EXPECT_EQ(samples_of(tiff_directory(4, 1, 16, 0, 1, of_words({0, 0x180, 0x7fff, 0xfffe}))),
            (Samples{255, 253, 127, 0}));
  EXPECT_EQ(samples_of(tiff_directory(2, 1, 8, 0, 2, {100, 128, 50, 0}), {{338, kUnassociated}}),
            (Samples{100, 50}));
}

TEST(Tiff, DropsAlphaAndUndoesOneThatIsMultipliedIn) {
  const Samples pixels = {100, 50, 20, 128, 10, 20, 30, 0, 1, 2, 3, 255};
  EXPECT_EQ(samples_of(tiff_directory(3, 1, 8, 2, 4, pixels), {{338, kUnassociated}}),
            (Samples{100, 50, 20, 10, 20, 30, 1, 2, 3}));
  EXPECT_EQ(samples_of(tiff_directory(3, 1, 8, 2, 4, pixels), {{338, {3, {0}}}}),
            (Samples{100, 50, 20, 10, 20, 30, 1, 2, 3}));
  EXPECT_EQ(samples_of(tiff_directory(3, 1, 8, 2, 4, pixels), {{338, kAssociated}}),
            (Samples{199, 100, 40, 255, 255, 255, 1, 2, 3}));
  EXPECT_EQ(
      samples_of(tiff_directory(3, 1, 8, 1, 2, {100, 128, 50, 0, 7, 255}), {{338, kAssociated}}),
      (Samples{199, 255, 7}));
  EXPECT_EQ(samples_of(tiff_directory(1, 1, 8, 2, 4, {5, 25, 45, 50}), {{338, kAssociated}}),
            (Samples{25, 127, 229}));
  EXPECT_EQ(samples_of(tiff_directory(1, 1, 16, 2, 4, of_words({0x4000, 0x2000, 0x1000, 0x8000})),
                       {{338, kAssociated}}),
            (Samples{127, 63, 31}));
}

TEST(Tiff, ExpandsAPaletteOfSixteenOrOfEightBits) {
  const TiffDirectory directory = tiff_directory(4, 1, 2, 3, 1, {0x1b});
  const std::vector<uint32_t> low = {10, 40, 70, 200, 20, 50, 80, 0, 30, 60, 90, 100};
  std::vector<uint32_t> high = low;
  for (uint32_t& value : high) value *= 257;
  const Samples expected = {10, 20, 30, 40, 50, 60, 70, 80, 90, 200, 0, 100};
  EXPECT_EQ(samples_of(directory, {{320, {3, high}}}), expected);
  EXPECT_EQ(samples_of(directory, {{320, {3, low}}}), expected);
}

TEST(Tiff, GivesThreeChannelsForGreyInks) {
  const auto whole = decode(write_tiff({tiff_directory(2, 1, 8, 5, 4, {0, 0, 0, 9, 7, 7, 7, 0})}));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->decoded.nearest.samples, (Samples{246, 246, 246, 248, 248, 248}));
}

TEST(Tiff, ConvertsInksWithoutAProfile) {
  EXPECT_EQ(
      samples_of(tiff_directory(6, 1, 8, 5, 4, {0,  0,  0,  0,  255, 0,   0,  0,  0, 128, 0,  64,
                                                10, 20, 30, 40, 200, 100, 50, 25, 3, 7,   11, 90})),
      (Samples{255, 255, 255, 0, 255, 255, 191, 95, 191, 207, 198, 190, 50, 140, 185, 163, 160,
               158}));
  EXPECT_EQ(samples_of(
                tiff_directory(1, 1, 16, 5, 4, of_words({10 * 257, 20 * 257, 30 * 257, 40 * 257}))),
            (Samples{207, 198, 190}));
}

TEST(Tiff, DecodesFloatingAndSignedSamples) {
  const TiffDirectory::Field floating = {3, {3}};
  const TiffDirectory::Field with_sign = {3, {2}};
  EXPECT_EQ(
      samples_of(tiff_directory(5, 1, 32, 1, 1, of_floats({0, 0.5, 1, 2, -1})), {{339, floating}}),
      (Samples{0, 127, 255, 255, 0}));
  EXPECT_EQ(samples_of(tiff_directory(3, 1, 16, 1, 1, of_words({0x3800, 0x3c00, 0x7e00})),
                       {{339, floating}}),
            (Samples{127, 255, 0}));
  EXPECT_EQ(samples_of(tiff_directory(4, 1, 8, 1, 1, {0x80, 0xff, 0, 0x7f}), {{339, with_sign}}),
            (Samples{128, 255, 0, 127}));
  EXPECT_EQ(samples_of(tiff_directory(4, 1, 16, 1, 1, of_words({0x8000, 0xffff, 0, 0x7fff})),
                       {{339, with_sign}}),
            (Samples{0, 127, 127, 255}));
}

TEST(Tiff, DoesNotTurnThePicture) {
  const TiffDirectory directory = tiff_directory(2, 1, 8, 2, 3, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(samples_of(directory, {{274, {3, {6}}}}), directory.data);
}

TEST(Tiff, ConvertsYccThroughItsLibrary) {
  EXPECT_EQ(samples_of(tiff_directory(2, 1, 8, 6, 3, {100, 128, 128, 255, 128, 128}),
                       {{530, {3, {1, 1}}}}),
            (Samples{100, 100, 100, 255, 255, 255}));
}

TEST(Tiff, IsAnErrorOrIncompleteAtEveryTruncation) {
  TiffDirectory plain = tiff_directory(6, 5, 8, 2, 3, noise(90));
  const ByteVector packed = encode_tiff(
      {.width = 20, .height = 20, .compression = COMPRESSION_ADOBE_DEFLATE, .strip_rows = 4},
      noise(1200));
  const ByteVector tiled = encode_tiff(
      {.width = 20, .height = 20, .compression = COMPRESSION_LZW, .tile_side = 16}, noise(1200));
  for (const ByteVector& file : {write_tiff({plain}), packed, tiled}) {
    for (size_t size = 0; size < file.size(); ++size) {
      const auto whole = decode(std::span(file).first(size));
      const std::optional<Error> error = whole ? whole->decoded.incomplete : whole.error();
      if (error) {
        EXPECT_TRUE(error->code == ErrorCode::truncated || error->code == ErrorCode::malformed)
            << size << ' ' << error->rule;
      } else {
        // libtiff's writer puts the directory last, and its last field is the link to the next.
        EXPECT_GE(size + 12, file.size());
      }
    }
  }
}

TEST(Tiff, LeavesADamagedStripBlackAndGoesOn) {
  const Samples rgb = noise(33 * 21 * 3);
  ByteVector file = encode_tiff({.compression = COMPRESSION_ADOBE_DEFLATE, .strip_rows = 7}, rgb);
  file[9] ^= std::byte{0xff};  // in the header of the first strip's stream
  const auto whole = decode(file);
  ASSERT_TRUE(whole);
  ASSERT_TRUE(whole->decoded.incomplete);
  EXPECT_EQ(whole->decoded.incomplete->offset_kind, OffsetKind::approximate);
  const size_t strip = 33 * 3 * 7;
  const Samples& got = whole->picture.samples;
  EXPECT_TRUE(std::all_of(got.begin(), got.begin() + strip, [](uint8_t s) { return s == 0; }));
  EXPECT_TRUE(std::equal(got.begin() + strip, got.end(), rgb.begin() + strip));
}

TEST(Tiff, RefusesHugeSizesBeforeItAllocates) {
  TiffDirectory directory = tiff_directory(2, 1, 8, 2, 3, {1, 2, 3, 4, 5, 6});
  directory.fields[256] = {4, {0xffffffff}};
  EXPECT_EQ(decode(write_tiff({directory})).error(),
            Error::at(ErrorCode::limit_exceeded, "max_side_pixels", 18));
  directory.fields[256] = directory.fields[257] = {4, {60000}};
  const ByteVector file = write_tiff({directory});
  EXPECT_EQ(decode(file).error(), Error::at(ErrorCode::limit_exceeded, "max_pixels", 18));
  EXPECT_EQ(tiff_layout(file, {}).error(), Error::at(ErrorCode::limit_exceeded, "max_pixels", 18));
  directory.fields[256] = directory.fields[257] = {4, {0}};
  EXPECT_EQ(decode(write_tiff({directory})).error(),
            Error::at(ErrorCode::malformed, "picture.empty", 18));
  const ByteVector planes = encode_tiff({.planes = PLANARCONFIG_SEPARATE}, noise(33 * 21 * 3));
  EXPECT_EQ(decode(planes, std::nullopt, {.max_decode_memory_bytes = 33 * 21 * 3 - 1}).error().rule,
            "max_decode_memory_bytes");
}

TEST(Tiff, NamesTheRuleOfABrokenField) {
  const TiffDirectory good = tiff_directory(2, 1, 8, 2, 3, {1, 2, 3, 4, 5, 6});
  const auto broken = [&](uint16_t tag, const TiffDirectory::Field& field) {
    TiffDirectory directory = good;
    directory.fields[tag] = field;
    const auto whole = decode(write_tiff({directory}));
    return whole ? Error{} : whole.error();
  };
  ByteVector file = write_tiff({good});
  file[0] = std::byte{'X'};
  EXPECT_EQ(decode(file).error(), Error::at(ErrorCode::malformed, "tiff.signature", 0));
  TiffDirectory no_size = good;
  no_size.fields.erase(257);
  EXPECT_EQ(decode(write_tiff({no_size})).error(),
            Error::at(ErrorCode::malformed, "tiff.no-size", 8));
  EXPECT_EQ(broken(258, {3, {17, 17, 17}}).rule, "tiff.bits");
  EXPECT_EQ(broken(258, {3, {17, 17, 17}}).code, ErrorCode::unsupported);
  EXPECT_EQ(broken(339, {3, {5, 5, 5}}).rule, "tiff.sample-format");
  EXPECT_EQ(broken(262, {3, {5}}).rule, "tiff.samples");
  EXPECT_EQ(broken(262, {3, {999}}).rule, "tiff.colour");
  EXPECT_EQ(broken(259, {3, {4711}}).code, ErrorCode::unsupported);
}

TEST(TiffLayout, GivesPagesAndTheirPixels) {
  const TiffDirectory first = tiff_directory(2, 1, 8, 2, 3, {1, 2, 3, 4, 5, 6});
  TiffDirectory second = tiff_directory(1, 2, 8, 1, 1, {7, 8});
  second.fields[254] = {4, {1}};
  const ByteVector file = write_tiff({first, second, first});
  const auto layout = tiff_layout(file, {});
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->width, 2u);
  EXPECT_EQ(layout->height, 1u);
  ASSERT_EQ(layout->members.size(), 2u);
  EXPECT_EQ(layout->members[0].kind, Member::Kind::thumbnail);
  EXPECT_EQ(layout->members[1].kind, Member::Kind::page);
  EXPECT_EQ(layout->members[1].length_bytes, 0u);
  EXPECT_EQ(decode(file, 0)->picture.samples, (Samples{7, 8}));
  EXPECT_EQ(decode(file, 1)->picture.samples, first.data);
  EXPECT_EQ(decode(file, 2).error().code, ErrorCode::not_found);
}

TEST(TiffLayout, GivesSubDirectoriesAndOrientation) {
  TiffDirectory first = tiff_directory(2, 1, 8, 2, 3, {1, 2, 3, 4, 5, 6});
  first.fields[274] = {3, {8}};
  first.fields[330] = {4, {0}};
  const TiffDirectory second = tiff_directory(1, 2, 8, 1, 1, {7, 8});
  ByteVector file = write_tiff({first, second});
  // Move the second directory out of the chain and below the first.
  const size_t link = 8 + 2 + 12 * 11;
  const size_t tag = 8 + 2 + 12 * 10;
  std::swap_ranges(file.begin() + link, file.begin() + link + 4, file.begin() + tag + 8);
  const auto layout = tiff_layout(file, {});
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->exif_orientation, 8);
  ASSERT_EQ(layout->members.size(), 1u);
  EXPECT_EQ(layout->members[0].kind, Member::Kind::thumbnail);
  EXPECT_EQ(decode(file, 0)->picture.samples, (Samples{7, 8}));
}

TEST(TiffLayout, GivesAPreviewFileByItsBytes) {
  const TiffDirectory first = tiff_directory(2, 1, 8, 2, 3, {1, 2, 3, 4, 5, 6});
  TiffDirectory second;
  second.fields = {{uint16_t{513}, {4, {0}}}, {uint16_t{514}, {4, {6}}}};
  ByteVector file = write_tiff({first, second});
  const size_t jpeg = file.size();
  for (const int value : {0xff, 0xd8, 0xff, 0xe0, 1, 2, 3}) {
    file.push_back(static_cast<std::byte>(value));
  }
  const size_t field = jpeg - 4 - 24 + 8;
  file[field] = static_cast<std::byte>(jpeg);
  file[field + 1] = static_cast<std::byte>(jpeg >> 8);
  const auto layout = tiff_layout(file, {});
  ASSERT_TRUE(layout);
  ASSERT_EQ(layout->members.size(), 1u);
  EXPECT_EQ(layout->members[0].offset_bytes, jpeg);
  EXPECT_EQ(layout->members[0].length_bytes, 6u);
  EXPECT_EQ(layout->members[0].format, Format::jpeg);
  EXPECT_EQ(decode(file, 0).error().code, ErrorCode::not_found);
}

TEST(TiffLayout, EndsAtALoopOfDirectories) {
  const TiffDirectory page = tiff_directory(2, 1, 8, 2, 3, {1, 2, 3, 4, 5, 6});
  ByteVector file = write_tiff({page, page});
  const size_t link = file.size() - 6 - 6 - 4;  // data, bits, then the link
  file[link] = std::byte{8};
  const auto layout = tiff_layout(file, {});
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->members.size(), 1u);
  ASSERT_EQ(layout->remarks.size(), 1u);
  EXPECT_EQ(layout->remarks[0].kind, "damaged_structure");
}

TEST(TiffLayout, BoundsTheNumberOfSubDirectories) {
  TiffDirectory page = tiff_directory(2, 1, 8, 2, 3, {1, 2, 3, 4, 5, 6});
  page.fields[330] = {4, std::vector<uint32_t>(kMaxTiffDirectories + 1)};
  const auto all_zero = tiff_layout(write_tiff({page}), {});
  ASSERT_TRUE(all_zero);
  ASSERT_EQ(all_zero->remarks.size(), 1u);
  EXPECT_EQ(all_zero->remarks[0].kind, "damaged_structure");
  page.fields[330] = {4, {0, 0}};
  page.data.assign(6, 0);
  ByteVector file = write_tiff({page});
  for (size_t i = 0; i < 4; ++i) file[8 + 2 + 12 * 9 + 4 + i] = std::byte{0xff};  // the count
  const auto endless = tiff_layout(file, {});
  ASSERT_TRUE(endless);
  ASSERT_EQ(endless->remarks.size(), 1u);
  EXPECT_EQ(endless->remarks[0].kind, "damaged_structure");
}

TEST(TiffLayout, RemarksPagesOverTheLimit) {
  const std::vector<TiffDirectory> pages(6, tiff_directory(1, 1, 8, 1, 1, {1}));
  const auto layout = tiff_layout(write_tiff(pages), {.max_picture_members = 2});
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->members.size(), 2u);
  ASSERT_EQ(layout->remarks.size(), 1u);
  EXPECT_EQ(layout->remarks[0].statement,
            "3 further pictures were not looked at (max_picture_members).");
}

}  // namespace
}  // namespace safelight::codec
