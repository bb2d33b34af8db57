#include "safelight/provenance/c2pa/store/cbor.h"

#include <cmath>
#include <gtest/gtest.h>
#include <string_view>

namespace safelight::c2pa {
namespace {

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto view = std::as_bytes(std::span(text));
  return {view.begin(), view.end()};
}

Result<CborValue> decode(const std::vector<std::byte>& bytes, const Limits& limits = {}) {
  return decode_cbor(bytes, limits);
}

TEST(Cbor, ReadsTheExamplesOfRfc8949) {
  EXPECT_EQ(decode(bytes_of("\x17"))->unsigned_value(), 23u);
  EXPECT_EQ(decode(bytes_of("\x1b\xff\xff\xff\xff\xff\xff\xff\xff"))->unsigned_value(), UINT64_MAX);
  EXPECT_EQ(decode(bytes_of("\x38\x63"))->signed_value(), -100);
  EXPECT_DOUBLE_EQ(decode(bytes_of("\xf9\xc4\x01"))->real, -4.00390625);
  EXPECT_TRUE(std::isnan(decode(bytes_of("\xf9\x7e\x01"))->real));
  EXPECT_TRUE(std::isinf(decode(bytes_of(std::string_view("\xf9\x7c\x00", 3)))->real));
  EXPECT_EQ(decode(bytes_of("\xf5"))->boolean(), true);
  EXPECT_EQ(decode(bytes_of("\xf6"))->kind, CborKind::null);
  EXPECT_EQ(decode(bytes_of("\x64IETF"))->text(), "IETF");
}

TEST(Cbor, JoinsStringsThatComeInPieces) {
  const auto bytes = bytes_of("\x7f\x65strea\x64ming\xff");
  EXPECT_EQ(decode(bytes)->text(), "streaming");
  const auto wrong = bytes_of("\x7f\x65strea\x41m\xff");
  EXPECT_EQ(decode(wrong).error().rule, "cbor.string-piece");
}

TEST(Cbor, KeepsTheRawBytesOfEveryItem) {
  // {"a": 18([1, 2])}
  const auto bytes = bytes_of(
      "\xa1\x61"
      "a\xd2\x82\x01\x02");
  const auto map = decode(bytes);
  ASSERT_TRUE(map);
  const CborValue* list = map->find("a");
  ASSERT_NE(list, nullptr);
  EXPECT_EQ(list->tag, 18u);
  EXPECT_EQ(list->raw.size(), 4u);
  EXPECT_EQ(list->raw.data(), bytes.data() + 3);
  EXPECT_EQ(list->items[1].offset_bytes, 6u);
}

TEST(Cbor, ReadsMapsAndArraysOfIndefiniteLength) {
  const auto map = bytes_of(
      "\xbf\x61"
      "a\x9f\x01\x02\xff\xff");
  EXPECT_EQ(decode(map)->find("a")->items.size(), 2u);
  const auto odd = bytes_of(
      "\xbf\x61"
      "a\xff");
  EXPECT_EQ(decode(odd).error().rule, "cbor.break");
}

TEST(Cbor, RefusesWhatTwoReadersMightReadTwoWays) {
  EXPECT_EQ(decode(bytes_of("\xa2\x61"
                            "a\x01\x61"
                            "a\x02"))
                .error()
                .rule,
            "cbor.duplicate-key");
  EXPECT_EQ(decode(bytes_of("\x01\x02")).error().rule, "cbor.bytes-left-over");
  EXPECT_EQ(decode(bytes_of("\x62\xc3\x28")).error().rule, "cbor.utf8");
  EXPECT_EQ(decode(bytes_of("\x1c")).error().rule, "cbor.reserved-length");
  EXPECT_EQ(decode(bytes_of("\xf8\x10")).error().rule, "cbor.simple");
}

TEST(Cbor, StopsAtItsLimits) {
  const std::vector<std::byte> deep(100'000, std::byte{0x81});
  EXPECT_EQ(decode(deep).error().rule, "max_cbor_depth");
  const std::vector<std::byte> tagged(100'000, std::byte{0xc1});
  EXPECT_EQ(decode(tagged).error().rule, "max_cbor_depth");
  std::vector<std::byte> wide(200'000, std::byte{0x01});
  wide[0] = std::byte{0x9f};
  EXPECT_EQ(decode(wide).error().rule, "max_cbor_items");
  // A count that no input could hold allocates nothing.
  EXPECT_EQ(decode(bytes_of("\x9b\x10\xff\xff\xff\xff\xff\xff\xff")).error().code,
            ErrorCode::truncated);
}

TEST(Cbor, IsAnErrorAtEveryTruncation) {
  const auto bytes = bytes_of(
      "\xa2\x61"
      "a\x9f\x42xy\xfa\x40\x49\x0f\xdb\xff\x61"
      "b\x7f\x61"
      "c\xff");
  ASSERT_TRUE(decode(bytes));
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto cut = decode_cbor(std::span(bytes).first(size), {});
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().code, ErrorCode::truncated) << size;
    EXPECT_LE(cut.error().offset_bytes, size);
  }
}

}  // namespace
}  // namespace safelight::c2pa
