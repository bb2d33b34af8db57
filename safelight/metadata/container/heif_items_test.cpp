#include "safelight/metadata/container/heif_items.h"

#include <gtest/gtest.h>

#include "safelight/metadata/bytes_for_test.h"

namespace safelight::metadata {
namespace {

HeifItems read(std::string_view file, const MetadataLimits& limits = {}) {
  return heif_items(bytes_of(file), bmff_boxes(bytes_of(file), limits), limits);
}

std::string infe(uint32_t id, std::string_view type, std::string_view rest = "") {
  return full_box("infe", 2, be(id, 2) + be(0, 2) + std::string(type) + '\0' + std::string(rest));
}

/// Item 1 in two pieces in "mdat", item 2 in "idat".
std::string sample() {
  const std::string infos = full_box(
      "iinf", 0,
      be(2, 2) + infe(1, "Exif") + infe(2, "mime", std::string("application/rdf+xml\0", 20)));
  // Version 1, offsets and lengths of 4 bytes, no base, no index.
  const std::string locations =
      full_box("iloc", 1,
               be(0x4400, 2) + be(2, 2) +  //
                   be(1, 2) + be(0, 2) + be(0, 2) + be(2, 2) + be(16, 4) + be(3, 4) + be(20, 4) +
                   be(3, 4) + be(2, 2) + be(1, 2) + be(0, 2) + be(1, 2) + be(1, 4) + be(0, 4));
  return box("ftyp", "") + box("mdat", "abc_def") +
         full_box("meta", 0, infos + locations + box("idat", "-<xmp>"));
}

std::string joined(std::string_view file, const HeifItem& item) {
  const auto bytes = join_extents(bytes_of(file), item.extents, {});
  return bytes ? std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()) : "";
}

TEST(HeifItems, GivesTypesAndExtentsOfBothMethods) {
  const std::string file = sample();
  const auto out = read(file);
  EXPECT_FALSE(out.damage);
  ASSERT_EQ(out.items.size(), 2u);
  EXPECT_EQ(out.items[0].type, "Exif");
  EXPECT_EQ(joined(file, out.items[0]), "abcdef");
  EXPECT_EQ(out.items[1].content_type, "application/rdf+xml");
  EXPECT_EQ(joined(file, out.items[1]), "<xmp>");
}

TEST(HeifItems, ReadsVersionsZeroAndTwoWithBaseAndIndex) {
  const std::string info =
      full_box("iinf", 1, be(1, 4) + full_box("infe", 3, be(7, 4) + be(0, 2) + "Exif"));
  const auto file_with = [&](const std::string& locations) {
    return box("mdat", "abcd") + full_box("meta", 0, info + locations);
  };
  const std::string zero = file_with(full_box(
      "iloc", 0, be(0x1120, 2) + be(1, 2) + be(7, 2) + be(0, 2) + be(8, 2) + be(1, 2) + "\1\2"));
  EXPECT_EQ(joined(zero, read(zero).items.at(0)), "bc");
  const std::string two = file_with(
      full_box("iloc", 2,
               be(0x1101, 2) + be(1, 4) + be(7, 4) + be(0, 2) + be(0, 2) + be(1, 2) + "\5\x0a\2"));
  EXPECT_EQ(joined(two, read(two).items.at(0)), "cd");
  const std::string three = file_with(full_box("iloc", 3, ""));
  EXPECT_EQ(read(three).damage->code, ErrorCode::unsupported);
}

TEST(HeifItems, IsEmptyWithoutAMetaBox) {
  const auto out = read(box("ftyp", "heic"));
  EXPECT_TRUE(out.items.empty());
  EXPECT_FALSE(out.damage);
  EXPECT_EQ(join_extents({}, {}, {}).error().code, ErrorCode::not_found);
}

TEST(HeifItems, StayInsideTheFileAtEveryTruncation) {
  const std::string whole = sample();
  for (size_t size = 0; size <= whole.size(); ++size) {
    std::string file = whole.substr(0, size);
    // Let "meta" reach to the end, so that what it holds is cut, and not only the box.
    if (size > 27) file.replace(23, 4, be(0, 4));
    for (const HeifItem& item : read(file).items) {
      for (const ByteRange extent : item.extents) EXPECT_LE(extent.end_bytes(), size);
    }
  }
}

TEST(HeifItems, RefuseAnExtentBeyondTheFile) {
  std::string file = sample();
  const size_t place = file.find(be(20, 4) + be(3, 4));
  file.replace(place, 4, be(0x7fffffff, 4));
  EXPECT_EQ(read(file).damage, Error::at(ErrorCode::truncated, "heif.item-extent", place + 8));
}

TEST(HeifItems, StopAtTheirLimits) {
  const std::string file = sample();
  EXPECT_EQ(read(file, {.max_items = 1}).damage->rule, "max_items");
  EXPECT_EQ(read(file, {.max_item_extents = 2}).damage->rule, "max_item_extents");
  const auto items = read(file).items;
  EXPECT_EQ(join_extents(bytes_of(file), items[0].extents, {.max_joined_bytes = 5}).error(),
            Error::at(ErrorCode::limit_exceeded, "max_joined_bytes", 20));
}

}  // namespace
}  // namespace safelight::metadata
