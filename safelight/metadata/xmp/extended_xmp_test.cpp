#include "safelight/metadata/xmp/extended_xmp.h"

#include <gtest/gtest.h>

#include "safelight/metadata/bytes_for_test.h"

namespace safelight::metadata {
namespace {

/// The MD5 of "abcdef".
const std::string kGuid = "E80B5017098950FC58AAD83C8C14978E";

struct Built {
  std::string file;
  std::vector<ByteRange> segments;

  Built& add(const std::string& guid, uint32_t full, uint32_t offset, std::string_view data) {
    return add_raw(guid + be(full, 4) + be(offset, 4) + std::string(data));
  }
  Built& add_raw(const std::string& segment) {
    segments.push_back({file.size(), segment.size()});
    file += segment;
    return *this;
  }
  [[nodiscard]] ExtendedXmpPackets join(const MetadataLimits& limits = {}) const {
    return join_extended_xmp(bytes_of(file), segments, limits);
  }
};

std::string text_of(const ExtendedXmp& packet) {
  return {reinterpret_cast<const char*>(packet.bytes.data()), packet.bytes.size()};
}

TEST(ExtendedXmp, IsJoinedFromSegmentsInAnyOrder) {
  const auto out = Built().add(kGuid, 6, 4, "ef").add(kGuid, 6, 0, "abcd").join();
  EXPECT_TRUE(out.damage.empty());
  ASSERT_EQ(out.packets.size(), 1u);
  EXPECT_EQ(out.packets[0].guid, kGuid);
  EXPECT_EQ(text_of(out.packets[0]), "abcdef");
  EXPECT_TRUE(out.packets[0].digest_fits);
  EXPECT_EQ(out.packets[0].place, (ByteRange{40, 2}));
}

TEST(ExtendedXmp, KeepsPacketsOfDifferentGuidsApart) {
  const std::string other(32, '0');
  const auto out =
      Built().add(other, 2, 0, "x").add(kGuid, 6, 0, "abcdef").add(other, 2, 1, "y").join();
  ASSERT_EQ(out.packets.size(), 2u);
  EXPECT_EQ(text_of(out.packets[0]), "xy");
  EXPECT_FALSE(out.packets[0].digest_fits);
}

TEST(ExtendedXmp, RefusesGapsOverlapsAndContradictions) {
  const auto damage = [](const Built& built) {
    const auto out = built.join();
    EXPECT_TRUE(out.packets.empty());
    return out.damage.at(0);
  };
  EXPECT_EQ(damage(Built().add(kGuid, 6, 0, "ab").add(kGuid, 6, 4, "ef")),
            Error::at(ErrorCode::truncated, "xmp.extended-packet", 40));
  EXPECT_EQ(damage(Built().add(kGuid, 6, 0, "abcd").add(kGuid, 6, 3, "def")).code,
            ErrorCode::malformed);
  EXPECT_EQ(damage(Built().add(kGuid, 6, 0, "abc").add(kGuid, 5, 3, "def")).code,
            ErrorCode::malformed);
  EXPECT_EQ(damage(Built().add(kGuid, 5, 0, "abcdef")).code, ErrorCode::malformed);
  EXPECT_EQ(damage(Built().add(kGuid, 0xffffffff, 0, "abcdef")).code, ErrorCode::limit_exceeded);
}

TEST(ExtendedXmp, ASegmentWithoutItsHeaderIsDamageAtEveryTruncation) {
  for (size_t size = 0; size < 40; ++size) {
    const auto out = Built().add_raw(std::string(size, '0')).add(kGuid, 6, 0, "abcdef").join();
    EXPECT_EQ(out.packets.size(), 1u);
    EXPECT_EQ(out.damage.size(), 1u) << size;
  }
}

TEST(ExtendedXmp, StopsAtItsLimit) {
  const auto out = Built().add(kGuid, 6, 0, "abcdef").join({.max_packet_bytes = 5});
  EXPECT_EQ(out.damage.at(0), Error::at(ErrorCode::limit_exceeded, "max_packet_bytes", 40));
}

}  // namespace
}  // namespace safelight::metadata
