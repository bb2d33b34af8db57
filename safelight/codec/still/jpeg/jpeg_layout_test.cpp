#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string_view>
#include <vector>

#include "safelight/codec/still/jpeg/jpeg.h"
#include "safelight/codec/still/jpeg/jpeg_encode_for_test.h"

namespace safelight::codec {
namespace {

using File = std::vector<std::byte>;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::string_view_literals;

enum class Endian { little, big };

void append(File& file, std::span<const std::byte> bytes) {
  file.insert(file.end(), bytes.begin(), bytes.end());
}
void append(File& file, std::string_view text) { append(file, std::as_bytes(std::span(text))); }
void append_number(File& file, uint32_t value, size_t size, Endian endian) {
  for (size_t i = 0; i < size; ++i) {
    const size_t shift = 8 * (endian == Endian::big ? size - 1 - i : i);
    file.push_back(static_cast<std::byte>(value >> shift & 0xff));
  }
}

/// A TIFF structure: directories one after the other, then `data`.
struct Directory {
  struct Entry {
    uint16_t tag;
    uint16_t type;
    uint32_t count;
    uint32_t value;
  };
  std::vector<Entry> entries;
};
uint32_t tiff_data_offset(const std::vector<Directory>& directories) {
  uint32_t offset = 8;
  for (const Directory& directory : directories) {
    offset += static_cast<uint32_t>(2 + 12 * directory.entries.size() + 4);
  }
  return offset;
}
File tiff(Endian endian, const std::vector<Directory>& directories,
          std::span<const std::byte> data = {}) {
  File out;
  append(out, endian == Endian::big ? "MM"sv : "II"sv);
  append_number(out, 42, 2, endian);
  append_number(out, 8, 4, endian);
  for (size_t i = 0; i < directories.size(); ++i) {
    const auto& entries = directories[i].entries;
    const size_t next = out.size() + 2 + 12 * entries.size() + 4;
    append_number(out, static_cast<uint32_t>(entries.size()), 2, endian);
    for (const auto& entry : entries) {
      append_number(out, entry.tag, 2, endian);
      append_number(out, entry.type, 2, endian);
      append_number(out, entry.count, 4, endian);
      if (entry.type == 3) {
        append_number(out, entry.value, 2, endian);
        append_number(out, 0, 2, endian);
      } else {
        append_number(out, entry.value, 4, endian);
      }
    }
    const bool last = i + 1 == directories.size();
    append_number(out, last ? 0 : static_cast<uint32_t>(next), 4, endian);
  }
  append(out, data);
  return out;
}

/// The picture with a segment put in after its start marker.
File with_segment(const File& picture, uint8_t code, std::string_view prefix,
                  std::span<const std::byte> body) {
  File out(picture.begin(), picture.begin() + 2);
  out.push_back(std::byte{0xff});
  out.push_back(std::byte{code});
  append_number(out, static_cast<uint32_t>(2 + prefix.size() + body.size()), 2, Endian::big);
  append(out, prefix);
  append(out, body);
  out.insert(out.end(), picture.begin() + 2, picture.end());
  return out;
}
/// Where the body of such a segment begins.
constexpr size_t body_offset(std::string_view prefix) { return 6 + prefix.size(); }

constexpr auto kExif = "Exif\0\0"sv;
constexpr auto kMpf = "MPF\0"sv;
constexpr auto kXmp = "http://ns.adobe.com/xap/1.0/\0"sv;
constexpr auto kPhotoshop = "Photoshop 3.0\0"sv;

File picture(uint32_t width = 33, uint32_t height = 21) {
  return test_jpeg(Content::smooth, {.width = width, .height = height}, 1);
}

Layout layout_of(const File& file, const Limits& limits = {}) {
  const auto layout = jpeg_layout(file, limits);
  EXPECT_TRUE(layout) << (layout ? "" : layout.error().rule);
  return layout ? *layout : Layout{};
}

/// The range is a JPEG of that size.
void expect_jpeg_at(const File& file, const Member& member, uint32_t width) {
  const auto decoded =
      decode_jpeg(std::span(file).subspan(member.offset_bytes, member.length_bytes), {});
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->shape.width, width);
  EXPECT_FALSE(decoded->incomplete);
  EXPECT_EQ(member.format, Format::jpeg);
}

std::vector<std::string> remark_kinds(const Layout& layout) {
  std::vector<std::string> kinds;
  for (const Remark& remark : layout.remarks) kinds.push_back(remark.kind);
  return kinds;
}

TEST(JpegLayout, GivesTheSizeOfAPlainPicture) {
  const Layout layout = layout_of(picture());
  EXPECT_EQ(layout.width, 33u);
  EXPECT_EQ(layout.height, 21u);
  EXPECT_EQ(layout.exif_orientation, 1);
  EXPECT_THAT(layout.members, IsEmpty());
  EXPECT_THAT(layout.remarks, IsEmpty());
}

TEST(JpegLayout, ReadsOrientationAndThumbnailInBothByteOrders) {
  const File thumbnail = picture(16, 8);
  for (const Endian endian : {Endian::little, Endian::big}) {
    std::vector<Directory> directories(2);
    directories[0].entries = {{0x0112, 3, 1, 6}};
    directories[1].entries = {{0x0201, 4, 1, 0},
                              {0x0202, 4, 1, static_cast<uint32_t>(thumbnail.size())}};
    directories[1].entries[0].value = tiff_data_offset(directories);
    const File file = with_segment(picture(), 0xe1, kExif, tiff(endian, directories, thumbnail));
    const Layout layout = layout_of(file);
    EXPECT_EQ(layout.exif_orientation, 6);
    ASSERT_THAT(layout.members, SizeIs(1));
    EXPECT_EQ(layout.members[0].kind, Member::Kind::thumbnail);
    EXPECT_EQ(layout.members[0].index, 0u);
    expect_jpeg_at(file, layout.members[0], 16);
    EXPECT_THAT(layout.remarks, IsEmpty());
  }
}

TEST(JpegLayout, AThumbnailOutsideTheFileIsARemark) {
  std::vector<Directory> directories(2);
  directories[1].entries = {{0x0201, 4, 1, 100}, {0x0202, 4, 1, 1'000'000}};
  const File file = with_segment(picture(), 0xe1, kExif, tiff(Endian::little, directories));
  const Layout layout = layout_of(file);
  EXPECT_THAT(layout.members, IsEmpty());
  ASSERT_THAT(remark_kinds(layout), testing::ElementsAre("member_out_of_bounds"));
  EXPECT_EQ(layout.remarks[0].offset_bytes, body_offset(kExif) + 100);
  EXPECT_TRUE(layout.remarks[0].leaves_content_unexamined);
}

TEST(JpegLayout, AnUncompressedThumbnailIsARemark) {
  std::vector<Directory> directories(2);
  directories[1].entries = {{0x0103, 3, 1, 1}, {0x0111, 4, 1, 60}};
  const File file = with_segment(picture(), 0xe1, kExif, tiff(Endian::big, directories));
  EXPECT_THAT(remark_kinds(layout_of(file)), testing::ElementsAre("uncompressed_thumbnail"));
}

TEST(JpegLayout, EachTruncationOfExifIsARemarkOrHarmless) {
  std::vector<Directory> directories(2);
  directories[0].entries = {{0x0112, 3, 1, 6}};
  directories[1].entries = {{0x0201, 4, 1, 2}, {0x0202, 4, 1, 10}};
  const File whole = tiff(Endian::little, directories);
  for (size_t length = 0; length < whole.size(); ++length) {
    const File file = with_segment(picture(), 0xe1, kExif, std::span(whole).first(length));
    const Layout layout = layout_of(file);
    EXPECT_EQ(layout.width, 33u);
    // Directories that lie in the segment whole are read; of the first, the value of the
    // orientation and the link to the second may be missing.
    const bool readable = length >= whole.size() - 4 || (length >= 18 && length < 26);
    EXPECT_EQ(remark_kinds(layout).empty(), readable) << length;
  }
}

TEST(JpegLayout, FindsPhotoshopAndJfifThumbnails) {
  const File thumbnail = picture(24, 24);
  File resources;
  append(resources, "8BIM\x03\xed\0\0\0\0\0\2ab8BIM\x04\x0c\3abc"sv);
  append_number(resources, static_cast<uint32_t>(28 + thumbnail.size()), 4, Endian::big);
  resources.resize(resources.size() + 28);
  append(resources, thumbnail);
  File file = with_segment(picture(), 0xed, kPhotoshop, resources);
  file = with_segment(file, 0xe0, "JFXX\0\x10"sv, thumbnail);
  const Layout layout = layout_of(file);
  ASSERT_THAT(layout.members, SizeIs(2));
  expect_jpeg_at(file, layout.members[0], 24);
  expect_jpeg_at(file, layout.members[1], 24);
  EXPECT_EQ(layout.members[0].offset_bytes, body_offset("JFXX\0\x10"sv));
}

/// A picture with an MPF index of further pictures behind it, each named with offset and length.
File multi_picture(const std::vector<File>& further, uint32_t offset_error = 0) {
  const File main = picture();
  std::vector<Directory> directories(1);
  const auto count = static_cast<uint32_t>(further.size() + 1);
  directories[0].entries = {{0xb001, 4, 1, count}, {0xb002, 7, 16 * count, 0}};
  const uint32_t data = tiff_data_offset(directories);
  directories[0].entries[1].value = data;
  const size_t tiff_bytes = data + 16 * count;
  const size_t main_bytes = main.size() + 4 + kMpf.size() + tiff_bytes;
  File entries;
  auto offset = static_cast<uint32_t>(main_bytes - body_offset(kMpf));
  append_number(entries, 0x030000, 4, Endian::big);
  append_number(entries, static_cast<uint32_t>(main_bytes), 4, Endian::big);
  append_number(entries, 0, 4, Endian::big);
  append_number(entries, 0, 4, Endian::big);
  for (const File& one : further) {
    append_number(entries, 0x010002, 4, Endian::big);
    append_number(entries, static_cast<uint32_t>(one.size()), 4, Endian::big);
    append_number(entries, offset + offset_error, 4, Endian::big);
    append_number(entries, 0, 4, Endian::big);
    offset += static_cast<uint32_t>(one.size());
  }
  File file = with_segment(main, 0xe2, kMpf, tiff(Endian::big, directories, entries));
  EXPECT_EQ(file.size(), main_bytes);
  for (const File& one : further) append(file, one);
  return file;
}

TEST(JpegLayout, FindsThePicturesOfAMultiPictureFile) {
  const File file = multi_picture({picture(16, 16), picture(40, 30)});
  const Layout layout = layout_of(file);
  ASSERT_THAT(layout.members, SizeIs(2));
  EXPECT_EQ(layout.members[1].kind, Member::Kind::mpf_picture);
  EXPECT_EQ(layout.members[1].index, 1u);
  expect_jpeg_at(file, layout.members[0], 16);
  expect_jpeg_at(file, layout.members[1], 40);
  EXPECT_THAT(layout.remarks, IsEmpty());
}

TEST(JpegLayout, AMultiPictureIndexBeyondTheFileIsARemark) {
  const File file = multi_picture({picture(16, 16)}, 1'000'000);
  const Layout layout = layout_of(file);
  // The picture itself is still found behind the end of the first.
  ASSERT_THAT(layout.members, SizeIs(1));
  EXPECT_EQ(layout.members[0].kind, Member::Kind::item);
  EXPECT_THAT(remark_kinds(layout), testing::ElementsAre("member_out_of_bounds"));
}

TEST(JpegLayout, StopsAtTheLimitOfMembersAndSaysSo) {
  const File file = multi_picture({picture(8, 8), picture(9, 9), picture(10, 10)});
  const Layout layout = layout_of(file, {.max_picture_members = 2});
  EXPECT_THAT(layout.members, SizeIs(2));
  ASSERT_THAT(layout.remarks, testing::Not(IsEmpty()));
  EXPECT_EQ(layout.remarks[0].kind, "more_members");
  EXPECT_TRUE(layout.remarks[0].leaves_content_unexamined);
}

TEST(JpegLayout, KeepsABoundedNumberOfRemarks) {
  File file = picture();
  for (int i = 0; i < 200; ++i) file = with_segment(file, 0xe1, kExif, {});
  const Layout layout = layout_of(file);
  EXPECT_THAT(layout.remarks, SizeIs(64));
  EXPECT_EQ(layout.remarks.back().kind, "more_remarks");
}

TEST(JpegLayout, APictureBehindTheEndIsAMember) {
  File file = picture();
  file.resize(file.size() + 100);  // Padding between them.
  const size_t second = file.size();
  append(file, picture(48, 8));
  const Layout layout = layout_of(file);
  ASSERT_THAT(layout.members, SizeIs(1));
  EXPECT_EQ(layout.members[0].kind, Member::Kind::item);
  EXPECT_EQ(layout.members[0].offset_bytes, second);
  EXPECT_EQ(layout.members[0].length_bytes, file.size() - second);
  expect_jpeg_at(file, layout.members[0], 48);
}

TEST(JpegLayout, DataBehindTheEndIsARemarkAndZerosAreNot) {
  File file = picture();
  file.resize(file.size() + 512);
  EXPECT_THAT(layout_of(file).remarks, IsEmpty());
  const size_t at = file.size();
  append(file, "PK\3\4 something else"sv);
  // So little is told, but leaves nothing to examine.
  EXPECT_FALSE(layout_of(file).remarks.at(0).leaves_content_unexamined);
  file.resize(file.size() + 200, std::byte{7});
  const Layout layout = layout_of(file);
  ASSERT_THAT(remark_kinds(layout), testing::ElementsAre("trailing_data"));
  EXPECT_EQ(layout.remarks[0].offset_bytes, at);
  EXPECT_EQ(layout.remarks[0].length_bytes, file.size() - at);
  EXPECT_TRUE(layout.remarks[0].leaves_content_unexamined);
}

TEST(JpegLayout, AVideoBehindTheEndIsAMotionPhoto) {
  for (const auto maker_header : {""sv, "MotionPhoto_Data"sv}) {
    File file = picture();
    append(file, maker_header);
    const size_t at = file.size();
    append(file,
           "\0\0\0\x18"
           "ftypmp42\0\0\0\0isommp42 and so on"sv);
    const Layout layout = layout_of(file);
    ASSERT_THAT(remark_kinds(layout), testing::ElementsAre("motion_photo_video"));
    EXPECT_EQ(layout.remarks[0].offset_bytes, at);
    EXPECT_EQ(layout.remarks[0].length_bytes, file.size() - at);
    EXPECT_TRUE(layout.remarks[0].leaves_content_unexamined);
  }
}

TEST(JpegLayout, ADeclaredMotionPhotoWithoutVideoIsARemark) {
  const auto xmp = "<rdf:Description GCamera:MicroVideo=\"1\"/>"sv;
  const File file = with_segment(picture(), 0xe1, kXmp, std::as_bytes(std::span(xmp)));
  const Layout layout = layout_of(file);
  ASSERT_THAT(remark_kinds(layout), testing::ElementsAre("motion_photo_video"));
  EXPECT_FALSE(layout.remarks[0].leaves_content_unexamined);
}

TEST(JpegLayout, EveryTruncationIsAnErrorOrSaysThatTheEndIsMissing) {
  const File file = multi_picture({});
  size_t errors = 0;
  for (size_t length = 0; length < file.size(); ++length) {
    const auto layout = jpeg_layout(std::span(file).first(length), {});
    if (!layout) {
      EXPECT_EQ(layout.error().code, ErrorCode::truncated) << length;
      EXPECT_LE(layout.error().offset_bytes, length);
      EXPECT_EQ(layout.error().offset_kind, OffsetKind::exact);
      ++errors;
    } else {
      EXPECT_EQ(layout->remarks.back().kind, "no_end_marker") << length;
      EXPECT_EQ(layout->width, 33u);
    }
  }
  EXPECT_GT(errors, 100u);
  EXPECT_LT(errors, file.size());
}

TEST(JpegLayout, EachBrokenStructureHasItsRuleAndPlace) {
  const File good = picture();
  const auto broken = [&](size_t at, uint8_t value) {
    File file = good;
    file[at] = std::byte{value};
    const auto layout = jpeg_layout(file, {});
    return layout ? Error{} : layout.error();
  };
  EXPECT_EQ(broken(0, 0), Error::at(ErrorCode::malformed, "jpeg.start-marker", 0));
  // The first segment stands at 2, its length, 16, at 4.
  EXPECT_EQ(broken(5, 1), Error::at(ErrorCode::malformed, "jpeg.segment-length", 4));
  const File nothing = {std::byte{0xff}, std::byte{0xd8}, std::byte{0xff}, std::byte{0xd9}};
  EXPECT_EQ(jpeg_layout(nothing, {}).error(), Error::at(ErrorCode::malformed, "jpeg.no-frame", 4));
  File scan_first(good.begin(), good.begin() + 2);
  append(scan_first, "\xff\xda\0\2\xff\xd9"sv);
  EXPECT_EQ(jpeg_layout(scan_first, {}).error(),
            Error::at(ErrorCode::malformed, "jpeg.scan-before-frame", 6));
}

}  // namespace
}  // namespace safelight::codec
