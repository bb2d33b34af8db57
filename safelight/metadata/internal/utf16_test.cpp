#include "safelight/metadata/internal/utf16.h"

#include <gtest/gtest.h>
#include <string_view>

#include "safelight/metadata/bytes_for_test.h"

namespace safelight::metadata {
namespace {

std::string utf16(std::u16string_view text, ByteOrder order) {
  std::string out;
  for (const char16_t unit : text)
    out += order == ByteOrder::big_endian ? be(unit, 2) : le(unit, 2);
  return out;
}

TEST(Utf16, BecomesUtf8InBothOrders) {
  for (const auto order : {ByteOrder::big_endian, ByteOrder::little_endian}) {
    const std::string text = utf16(u"a\u00e9\u4e2d\U0001f600", order);
    EXPECT_EQ(utf16_to_utf8(bytes_of(text), order), "a\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80");
  }
}

TEST(Utf16, LeavesOutTheMarkAndWhatFollowsAZero) {
  const std::string text = utf16(std::u16string_view(u"\ufeffa\0b", 4), ByteOrder::big_endian);
  EXPECT_EQ(utf16_to_utf8(bytes_of(text), ByteOrder::big_endian), "a");
}

TEST(Utf16, ReplacesLoneSurrogatesAndLeavesOutAnOddByte) {
  const std::string text = be(0xd800, 2) + be('a', 2) + be(0xdc00, 2) + be(0xd800, 2) + "x";
  EXPECT_EQ(utf16_to_utf8(bytes_of(text), ByteOrder::big_endian),
            "\xef\xbf\xbd"
            "a\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(Utf16, OrderIsGuessedFromTheText) {
  for (const auto order : {ByteOrder::big_endian, ByteOrder::little_endian}) {
    const auto other =
        order == ByteOrder::big_endian ? ByteOrder::little_endian : ByteOrder::big_endian;
    for (const std::u16string_view text :
         {u"Steps: 20, Sampler: Euler", u"\u98a8\u666f\u3001\u5c71\u3068\u6d77", u"\ufeff\u2d4e",
          u"\u043b\u0435\u0441 \u0438 \u043c\u043e\u0440\u0435",
          u"\ud55c\uad6d\uc5b4 \ud48d\uacbd"}) {
      const std::string bytes = utf16(text, order);
      EXPECT_EQ(guess_byte_order(bytes_of(bytes), other), order);
    }
  }
  EXPECT_EQ(guess_byte_order({}, ByteOrder::big_endian), ByteOrder::big_endian);
}

}  // namespace
}  // namespace safelight::metadata
