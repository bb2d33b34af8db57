#include "safelight/metadata/container/jpeg_segments.h"

#include <gtest/gtest.h>

#include "safelight/metadata/bytes_for_test.h"

namespace safelight::metadata {
namespace {

using namespace std::string_view_literals;

JpegSegments walk(std::string_view file) { return jpeg_segments(bytes_of(file), {}); }

TEST(JpegSegments, GivesTheirPlacesUpToTheEndMarker) {
  const std::string file = jpeg_file(jpeg_segment(0xe1, "Exif") + jpeg_segment(0xfe, "note"));
  const auto out = walk(file);
  ASSERT_EQ(out.segments.size(), 5u);
  EXPECT_EQ(out.segments[0].code, kJpegStartOfImage);
  EXPECT_EQ(out.segments[1].code, 0xe1);
  EXPECT_EQ(out.segments[1].offset_bytes, 2u);
  EXPECT_EQ(out.segments[1].payload, (ByteRange{6, 4}));
  EXPECT_EQ(text_at(bytes_of(file), out.segments[2].payload), "note");
  EXPECT_EQ(text_at(bytes_of(file), out.segments[3].coded), "coded");
  EXPECT_EQ(out.segments[4].code, kJpegEndOfImage);
  EXPECT_EQ(out.end_offset_bytes, file.size());
  EXPECT_FALSE(out.damage);
}

TEST(JpegSegments, KeepsRestartMarkersAndStuffedZerosInTheCodedData) {
  const auto coded = "a\xff\0b\xff\xd0_\xff\xd7\xff\xff\0c"sv;
  const std::string file = jpeg_file("", coded);
  const auto out = walk(file);
  ASSERT_EQ(out.segments.size(), 3u);
  EXPECT_EQ(text_at(bytes_of(file), out.segments[1].coded), coded);
}

TEST(JpegSegments, FindTheNextMarkerWhereverItStands) {
  for (size_t size = 0; size < 70; ++size) {
    std::string coded(size, 'x');
    if (size >= 20) coded.replace(size / 2, 2, "\xff\0"sv);
    if (size >= 40) coded.replace(size - 3, 2, "\xff\xd3"sv);
    const std::string file = jpeg_file("", coded);
    for (const std::string_view trailing : {"", "\xff\xff and more than sixteen bytes of it"}) {
      const auto out = walk(file + std::string(trailing));
      EXPECT_EQ(out.segments.at(1).coded.length_bytes, size);
      EXPECT_EQ(out.end_offset_bytes, file.size());
    }
  }
}

TEST(JpegSegments, ListsSegmentsBetweenScans) {
  const std::string file = "\xff\xd8" + jpeg_segment(0xda, "1") + "first" +
                           jpeg_segment(0xc4, "table") + jpeg_segment(0xda, "2") + "second\xff\xd9";
  const auto out = walk(file);
  ASSERT_EQ(out.segments.size(), 5u);
  EXPECT_EQ(text_at(bytes_of(file), out.segments[1].coded), "first");
  EXPECT_EQ(text_at(bytes_of(file), out.segments[3].coded), "second");
}

TEST(JpegSegments, SaysWhereTrailingDataBegin) {
  const std::string file = jpeg_file("");
  EXPECT_EQ(walk(file + "\xff\xd8\xff\xd9 more").end_offset_bytes, file.size());
}

TEST(JpegSegments, PassesOverFillAndStrayBytes) {
  const std::string file = "\xff\xd8\xff\xff\xff" + jpeg_segment(0xfe, "a").substr(1) + "stray" +
                           jpeg_segment(0xfe, "b") + "\xff\xd9";
  const auto out = walk(file);
  ASSERT_EQ(out.segments.size(), 4u);
  EXPECT_EQ(out.segments[1].offset_bytes, 4u);
  EXPECT_EQ(text_at(bytes_of(file), out.segments[2].payload), "b");
}

TEST(JpegSegments, KeepWhatStoodBeforeAtEveryTruncation) {
  const std::string file = jpeg_file(jpeg_segment(0xe1, "Exif"));
  for (size_t size = 0; size < file.size(); ++size) {
    const auto out = walk(std::string_view(file).substr(0, size));
    ASSERT_TRUE(out.damage) << size;
    EXPECT_EQ(out.damage->code, ErrorCode::truncated) << size;
    EXPECT_LE(out.damage->offset_bytes, size);
    EXPECT_EQ(out.segments.size(), size < 2 ? 0 : size < 10 ? 1 : size < 18 ? 2 : 3) << size;
    EXPECT_FALSE(out.end_offset_bytes);
  }
}

TEST(JpegSegments, RefuseAnotherSignatureAndAnImpossibleLength) {
  EXPECT_EQ(walk("\xff\xd9xx").damage, Error::at(ErrorCode::malformed, "jpeg.start-marker", 0));
  EXPECT_EQ(walk("\xff\xd8\xff\xe1\0\1"sv).damage,
            Error::at(ErrorCode::malformed, "jpeg.segment-length", 2));
}

TEST(JpegSegments, StopAtTheirLimit) {
  const std::string file = jpeg_file("");
  const auto out = jpeg_segments(bytes_of(file), {.max_segments = 2});
  EXPECT_EQ(out.segments.size(), 2u);
  EXPECT_EQ(out.damage, Error::at(ErrorCode::limit_exceeded, "max_segments", file.size() - 2));
}

}  // namespace
}  // namespace safelight::metadata
