#include "safelight/metadata/container/bmff_boxes.h"

#include <gtest/gtest.h>

#include "safelight/metadata/bytes_for_test.h"

namespace safelight::metadata {
namespace {

const std::string kUuid = "0123456789abcdef";

BmffBoxes walk(std::string_view file) { return bmff_boxes(bytes_of(file), {}); }

TEST(BmffBoxes, GivesPlacesOfEveryKindOfLength) {
  const std::string file = box("ftyp", "heic") + be(1, 4) + "wide" + be(18, 8) + "xx" +
                           box("uuid", kUuid + "data") + be(0, 4) + "mdatrest";
  const auto out = walk(file);
  ASSERT_EQ(out.boxes.size(), 4u);
  EXPECT_EQ(out.boxes[0].payload, (ByteRange{8, 4}));
  EXPECT_EQ(out.boxes[1].whole, (ByteRange{12, 18}));
  EXPECT_EQ(out.boxes[1].payload, (ByteRange{28, 2}));
  EXPECT_EQ(out.boxes[2].uuid, kUuid);
  EXPECT_EQ(text_at(bytes_of(file), out.boxes[2].payload), "data");
  EXPECT_EQ(text_at(bytes_of(file), out.find("mdat")->payload), "rest");
  EXPECT_FALSE(out.damage);
}

TEST(BmffBoxes, GivesChildrenOnDemand) {
  const std::string file = box("ftyp", "") + full_box("meta", 0, box("hdlr", "x"));
  const auto out = walk(file);
  const auto children = bmff_children(bytes_of(file), out.boxes[1], 4, {});
  ASSERT_EQ(children.boxes.size(), 1u);
  EXPECT_EQ(children.boxes[0].whole, (ByteRange{20, 9}));
  EXPECT_TRUE(bmff_children(bytes_of(file), out.boxes[0], 4, {}).boxes.empty());
}

TEST(BmffBoxes, AChildNeverReachesBeyondItsParent) {
  const std::string file = box("moov", be(0, 4) + "udat" + "in") + box("mdat", "out");
  const auto out = walk(file);
  const auto children = bmff_children(bytes_of(file), out.boxes[0], 0, {});
  ASSERT_EQ(children.boxes.size(), 1u);
  EXPECT_EQ(text_at(bytes_of(file), children.boxes[0].payload), "in");
  const std::string over = box("moov", be(100, 4) + "udat" + "in") + std::string(200, 'x');
  EXPECT_EQ(bmff_children(bytes_of(over), walk(over).boxes.at(0), 0, {}).damage,
            Error::at(ErrorCode::truncated, "bmff.box", 8));
}

TEST(BmffBoxes, KeepWhatStoodBeforeAtEveryTruncation) {
  const std::string file = box("ftyp", "heic") + box("uuid", kUuid + "data");
  for (size_t size = 1; size < file.size(); ++size) {
    if (size == 12) continue;  // whole after the first box
    const auto out = walk(std::string_view(file).substr(0, size));
    ASSERT_TRUE(out.damage) << size;
    EXPECT_EQ(out.damage->code, ErrorCode::truncated) << size;
    EXPECT_EQ(out.boxes.size(), size < 12 ? 0 : 1) << size;
  }
}

TEST(BmffBoxes, RefuseALengthWithinTheirHeader) {
  EXPECT_EQ(walk(be(7, 4) + "free").damage, Error::at(ErrorCode::malformed, "bmff.box-length", 0));
  EXPECT_EQ(walk(be(1, 4) + "free" + be(15, 8)).damage,
            Error::at(ErrorCode::malformed, "bmff.box-length", 0));
  EXPECT_EQ(walk(be(23, 4) + "uuid" + kUuid).damage,
            Error::at(ErrorCode::malformed, "bmff.box-length", 0));
  EXPECT_EQ(walk(be(1, 4) + "free" + be(UINT64_MAX, 8)).damage,
            Error::at(ErrorCode::truncated, "bmff.box", 0));
}

TEST(BmffBoxes, StopAtTheirLimit) {
  const std::string file = box("free", "") + box("free", "");
  const auto out = bmff_boxes(bytes_of(file), {.max_segments = 1});
  EXPECT_EQ(out.boxes.size(), 1u);
  EXPECT_EQ(out.damage, Error::at(ErrorCode::limit_exceeded, "max_segments", 8));
}

}  // namespace
}  // namespace safelight::metadata
