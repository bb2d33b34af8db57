#include "safelight/metadata/exif/exif.h"

#include <gtest/gtest.h>

#include "safelight/metadata/exif/exif_for_test.h"

namespace safelight::metadata {
namespace {

using namespace std::string_literals;

Exif read(std::string_view bytes, const MetadataLimits& limits = {}) {
  const auto exif = read_exif(bytes_of(bytes), {0, bytes.size()}, limits);
  EXPECT_TRUE(exif);
  return exif ? *exif : Exif{};
}

Exif with_comment(const std::string& value) {
  TestExif exif;
  exif.details = {exif.bytes(0x9286, value)};
  return read(exif.build());
}

TEST(Exif, SumsUpBothByteOrders) {
  for (const auto order : {ByteOrder::big_endian, ByteOrder::little_endian}) {
    TestExif sample = sample_exif();
    if (order == ByteOrder::little_endian) {
      sample.order = order;
      for (auto* ifd : {&sample.main, &sample.details, &sample.gps, &sample.second}) {
        for (TestEntry& entry : *ifd) {
          const size_t width = entry.type == 3 ? 2 : entry.type == 4 || entry.type == 5 ? 4 : 1;
          for (size_t i = 0; i < entry.data.size(); i += width) {
            std::reverse(entry.data.begin() + i, entry.data.begin() + i + width);
          }
        }
      }
    }
    const std::string bytes = sample.build();
    const Exif out = read(bytes);
    EXPECT_TRUE(out.damage.empty());
    EXPECT_EQ(out.text(ExifTag::make), "Maker");
    EXPECT_EQ(out.text(ExifTag::model), "Model 1");
    EXPECT_EQ(out.text(ExifTag::software), "Writer 2.0");
    EXPECT_EQ(out.text(ExifTag::xp_comment), "note");
    EXPECT_EQ(out.text(ExifTag::artist), "");
    EXPECT_EQ(out.text(ExifTag::body_serial_number), "SN1");
    EXPECT_EQ(out.text(ExifTag::lens_model), "Lens 35mm");
    EXPECT_EQ(out.orientation, 6);
    EXPECT_EQ(out.pixel_width, 4000u);
    EXPECT_EQ(out.pixel_height, 3000u);
    EXPECT_EQ(out.exposure_time_s, (Rational{1, 50}));
    EXPECT_EQ(out.f_number, (Rational{28, 10}));
    EXPECT_EQ(out.focal_length_mm, (Rational{35, 1}));
    EXPECT_EQ(out.iso, 200u);
    EXPECT_EQ(out.user_comment.text, "hi");
    EXPECT_EQ(out.maker_note.vendor, "Nikon");
    EXPECT_EQ(out.thumbnail, (ByteRange{8, 16}));
  }
}

TEST(Exif, SaysWhereEachTextStands) {
  const std::string bytes = sample_exif().build();
  const Exif out = read(bytes);
  for (const ExifText& text : out.texts) {
    if (text.tag == ExifTag::xp_comment) continue;
    EXPECT_TRUE(text_at(bytes_of(bytes), text.place).starts_with(text.text));
  }
  EXPECT_EQ(text_at(bytes_of(bytes), out.maker_note.place), "Nikon\0\2\x10"s);
}

TEST(Exif, PlacesCountFromTheStartOfTheFile) {
  const std::string inner = sample_exif().build();
  const std::string file = "before" + "Exif\0\0"s + inner + "after";
  const auto out = read_exif(bytes_of(file), {6, 6 + inner.size()}, {});
  ASSERT_TRUE(out);
  EXPECT_EQ(out->place, (ByteRange{12, inner.size()}));
  const ExifText* make = out->find(ExifTag::make);
  ASSERT_NE(make, nullptr);
  EXPECT_EQ(text_at(bytes_of(file), make->place), "Maker  \0"s);
  EXPECT_EQ(out->thumbnail, (ByteRange{20, 16}));
}

TEST(Exif, KeepsTimesWithTheirSubSecondsAndZone) {
  const Exif out = read(sample_exif().build());
  EXPECT_EQ(out.modified.text, "2024:02:29 23:59:60");
  EXPECT_TRUE(out.modified.well_formed);
  EXPECT_EQ(out.modified.offset, "");
  EXPECT_EQ(out.original.text, "2024:02:30 10:00:00");
  EXPECT_FALSE(out.original.well_formed);  // no such day
  EXPECT_EQ(out.original.offset, "+02:00");
  EXPECT_EQ(out.original.sub_seconds, "123");
  EXPECT_EQ(out.digitized.text, "");
}

TEST(Exif, KnowsTheDaysOfTheCalendar) {
  const auto well_formed = [](const std::string& text) {
    TestExif exif;
    exif.main = {exif.text(0x0132, text)};
    return read(exif.build()).modified.well_formed;
  };
  EXPECT_TRUE(well_formed("2000:02:29 00:00:00"));
  EXPECT_FALSE(well_formed("1900:02:29 00:00:00"));
  EXPECT_FALSE(well_formed("2023:02:29 00:00:00"));
  EXPECT_FALSE(well_formed("2023:00:10 00:00:00"));
  EXPECT_FALSE(well_formed("0000:00:00 00:00:00"));
  EXPECT_FALSE(well_formed("2023:01:01 24:00:00"));
  EXPECT_FALSE(well_formed("2023-01-01 00:00:00"));
  EXPECT_FALSE(well_formed("    :  :     :  :  "));
}

TEST(Exif, GivesGpsInDegreesMetresAndSeconds) {
  const Exif out = read(sample_exif().build());
  ASSERT_TRUE(out.gps);
  EXPECT_DOUBLE_EQ(*out.gps->latitude, -(33 + 0.5 + 0.01));
  EXPECT_DOUBLE_EQ(*out.gps->longitude, 151);
  EXPECT_DOUBLE_EQ(*out.gps->altitude_m, -7.5);
  EXPECT_DOUBLE_EQ(*out.gps->seconds_of_day, 12 * 3600 + 30 * 60 + 7.5);
  EXPECT_EQ(out.gps->date, "2024:02:29");
}

TEST(Exif, LeavesOutGpsThatIsUndefinedOrOffTheGlobe) {
  TestExif exif;
  exif.gps = {exif.rationals(2, {91, 1, 0, 1, 0, 1}), exif.rationals(4, {0, 0, 0, 0, 0, 0})};
  const Exif out = read(exif.build());
  ASSERT_TRUE(out.gps);
  EXPECT_FALSE(out.gps->latitude);
  EXPECT_FALSE(out.gps->longitude);
  ASSERT_EQ(out.damage.size(), 1u);
  EXPECT_EQ(out.damage[0].rule, "exif.gps-coordinate");
}

TEST(Exif, DecodesCommentsOfEveryCharset) {
  EXPECT_EQ(with_comment("ASCII\0\0\0a b \0\0"s).user_comment.text, "a b");
  EXPECT_EQ(with_comment("ASCII   a b"s).user_comment.text, "a b");
  EXPECT_EQ(with_comment("UNICODE\0h\0i\0 \0"s).user_comment.text, "hi");
  EXPECT_EQ(with_comment("UNICODE\0\0h\0i\0 "s).user_comment.text, "hi");
  EXPECT_EQ(with_comment("UNICODE\0\xff\xfeh\0i\0"s).user_comment.text, "hi");
  EXPECT_EQ(with_comment("JIS\0\0\0\0\0\x1b$B"s).user_comment.text, "\x1b$B");
  EXPECT_EQ(with_comment("\0\0\0\0\0\0\0\0plain"s).user_comment.text, "plain");
  EXPECT_EQ(with_comment("plain without a code"s).user_comment.text, "plain without a code");
  EXPECT_EQ(with_comment("short"s).user_comment.text, "short");
  EXPECT_EQ(with_comment("JIS\0\0\0\0\0"s).user_comment.charset, CommentCharset::jis);
  EXPECT_EQ(read(TestExif().build()).user_comment.charset, CommentCharset::none);
}

TEST(Exif, KeepsWhatStandsBeforeEveryTruncation) {
  const std::string bytes = sample_exif().build();
  size_t most = 0;
  for (size_t size = 0; size <= bytes.size(); ++size) {
    const auto out = read_exif(bytes_of(bytes).first(size), {0, size}, {});
    ASSERT_EQ(out.has_value(), size >= 8) << size;
    if (!out) continue;
    // The link behind the last directory may be missing, and the value in its last entry is not
    // looked for where nobody asks.
    EXPECT_EQ(out->damage.empty(), size + 8 >= bytes.size()) << size;
    EXPECT_GE(out->texts.size(), most) << size;  // never fewer with more bytes
    most = out->texts.size();
    EXPECT_LE(out->thumbnail.end_bytes(), size);
  }
}

TEST(Exif, RefusesAnotherSignature) {
  EXPECT_EQ(read_exif(bytes_of("xxno TIFF"), {2, 7}, {}).error(),
            Error::at(ErrorCode::malformed, "tiff.signature", 2));
}

TEST(Exif, TextsStopAtTheirLimit) {
  const Exif out = read(sample_exif().build(), {.max_text_bytes = 16 + 2 * sizeof(ExifText)});
  EXPECT_EQ(out.text(ExifTag::make), "Maker");
  EXPECT_EQ(out.text(ExifTag::software), "");
  ASSERT_FALSE(out.damage.empty());
  EXPECT_EQ(out.damage[0].rule, "max_text_bytes");
}

TEST(Exif, NotesStopAtTheirLimit) {
  const Exif out = read(sample_exif().build(), {.max_text_bytes = 1, .max_notes = 3});
  EXPECT_EQ(out.damage.size(), 3u);
}

TEST(Exif, PointersIntoThemselvesDoNoHarm) {
  TestExif exif;
  exif.main = {exif.u32(0x8769, 8), exif.u32(0x8825, 8)};
  std::string bytes = exif.build();
  bytes.replace(bytes.size() - 4, 4, be(8, 4));  // the second directory is the first
  EXPECT_EQ(read(bytes).damage.size(), 0u);
}

}  // namespace
}  // namespace safelight::metadata
