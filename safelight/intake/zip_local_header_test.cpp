#include "safelight/intake/internal/zip_local_header.h"

#include <gtest/gtest.h>

#include "safelight/intake/internal/test_archives.h"

namespace safelight::intake_internal {
namespace {

using namespace std::string_literals;

/// The local header alone: what stands before the content of the first member.
std::vector<std::byte> header_of(const ZipMember& member) {
  auto zip = make_zip({member});
  zip.resize(30 + member.name.size() + member.extra.size());
  return zip;
}

std::vector<std::byte> field(uint16_t id, const std::vector<std::byte>& content) {
  ByteWriter out;
  out.u16_le(id);
  out.u16_le(static_cast<uint16_t>(content.size()));
  out.bytes(content);
  return std::move(out).take();
}

TEST(ZipLocalHeader, ADosTimeIsOfALocalClock) {
  const auto header = parse_zip_local_header(header_of({"a", ""}), 7);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->offset_bytes, 7u);
  EXPECT_EQ(header->name, "a");
  EXPECT_EQ(header->modified_ns, 1'704'110'400'000'000'000);
  EXPECT_EQ(header->zone, TimeZoneKnown::local);
}

TEST(ZipLocalHeader, ADayThatDoesNotExistIsNoTime) {
  const auto header =
      parse_zip_local_header(header_of({.name = "a", .content = "", .dos_date = 0}), 0);
  ASSERT_TRUE(header);
  EXPECT_FALSE(header->modified_ns);
  EXPECT_EQ(header->zone, TimeZoneKnown::none);
}

TEST(ZipLocalHeader, TheUnixFieldIsUtcAndMayBeBefore1970) {
  const auto ut = field(0x5455, to_bytes("\x01\xff\xff\xff\xff"s));
  const auto header =
      parse_zip_local_header(header_of({.name = "a", .content = "", .extra = ut}), 0);
  EXPECT_EQ(header->modified_ns, -1'000'000'000);
  EXPECT_EQ(header->zone, TimeZoneKnown::utc);
}

TEST(ZipLocalHeader, TheNtfsFieldIsFinerAndGoesFirst) {
  ByteWriter ntfs;
  ntfs.u32_le(0);
  ntfs.u16_le(1);
  ntfs.u16_le(24);
  ntfs.u64_le(116'444'736'000'000'000 + 15'000'000'001);  // 1,500 s and 100 ns after 1970
  ntfs.u64_le(0);
  ntfs.u64_le(0);
  auto extra = field(0x5455, to_bytes("\x01\x01\x00\x00\x00"s));
  const auto second = field(0x000a, std::move(ntfs).take());
  extra.insert(extra.end(), second.begin(), second.end());
  const auto header =
      parse_zip_local_header(header_of({.name = "a", .content = "", .extra = extra}), 0);
  EXPECT_EQ(header->modified_ns, 1'500'000'000'100);
  EXPECT_EQ(header->zone, TimeZoneKnown::utc);
}

TEST(ZipLocalHeader, AnExtraFieldCutShortIsPassedOver) {
  const auto cut = to_bytes("\x55\x54\x05\x00\x01\x02"s);
  const auto header =
      parse_zip_local_header(header_of({.name = "a", .content = "", .extra = cut}), 0);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->zone, TimeZoneKnown::local);
}

TEST(ZipLocalHeader, TruncatedAtEveryLengthOrWronglySignedIsNone) {
  auto bytes =
      header_of({.name = "name", .content = "", .extra = field(0x5455, to_bytes("\x00"s))});
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto header = parse_zip_local_header(std::span(bytes).first(size), 100);
    ASSERT_FALSE(header) << size;
    EXPECT_EQ(header.error().code, ErrorCode::truncated);
    EXPECT_LE(header.error().offset_bytes, 100 + size);
  }
  bytes[0] = std::byte{'Q'};
  EXPECT_EQ(parse_zip_local_header(bytes, 100).error(),
            Error::at(ErrorCode::malformed, "zip.local-header-signature", 100));
}

TEST(FindZipLocalHeader, FindsTheHeaderThatEndsThere) {
  const MemorySource zip(make_zip({{"a", "content"}, {"b", "content"}}));
  const auto header = find_zip_local_header(zip, 30 + 1 + 7 + 30 + 1, "b");
  ASSERT_TRUE(header);
  EXPECT_EQ(header->offset_bytes, 38u);
  EXPECT_FALSE(find_zip_local_header(zip, 37, "a"));
  EXPECT_FALSE(find_zip_local_header(zip, 10, "a"));
  EXPECT_FALSE(find_zip_local_header(zip, 100'000, "a"));
}

TEST(FindZipLocalHeader, FindsTheLongestThereIs) {
  const ZipMember member{
      .name = std::string(65'535, 'n'), .content = "", .extra = std::vector<std::byte>(65'535)};
  const auto zip = make_zip({{"before", std::string(1000, 'x')}, member});
  const uint64_t start = 30 + 6 + 1000;
  const auto header = find_zip_local_header(MemorySource(zip), start + 30 + 2 * 65'535, nullptr);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->offset_bytes, start);
  EXPECT_EQ(header->name, member.name);
}

TEST(FindZipLocalHeader, AHeaderFakedInAnExtraFieldDoesNotHideTheNamedOne) {
  const auto fake = header_of({"fake", ""});
  const MemorySource zip(make_zip({{.name = "real", .content = "x", .extra = fake}}));
  const uint64_t end = 30 + 4 + fake.size();
  EXPECT_EQ(find_zip_local_header(zip, end, "real")->name, "real");
  EXPECT_EQ(find_zip_local_header(zip, end, "real")->offset_bytes, 0u);
}

}  // namespace
}  // namespace safelight::intake_internal
