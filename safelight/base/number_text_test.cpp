#include "safelight/base/number_text.h"

#include <gtest/gtest.h>
#include <limits>

namespace safelight {
namespace {

TEST(NumberText, ThousandsAreSetApart) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1234567), "1,234,567");
}

TEST(NumberText, DecimalsAreFixedAndZeroHasNoSign) {
  EXPECT_EQ(fixed_text(0.5, 3), "0.500");
  EXPECT_EQ(fixed_text(-1.25, 1), "-1.2");
  EXPECT_EQ(fixed_text(1e21, 0), "1000000000000000000000");
  EXPECT_EQ(fixed_text(-0.0004, 3), "0.000");
  EXPECT_EQ(fixed_text(std::numeric_limits<double>::lowest(), 9).size(), 320u);
}

TEST(NumberText, SignificantDigitsHideTheLastBits) {
  EXPECT_EQ(significant_text(0.1 + 0.2, 9), "0.3");
  EXPECT_EQ(significant_text(1.0 / 3, 9), "0.333333333");
  EXPECT_EQ(significant_text(1234567890.0, 9), "1.23456789e+09");
  EXPECT_EQ(significant_text(-0.0, 9), "0");
  EXPECT_EQ(significant_text(-1e-310, 3), "-1e-310");
}

TEST(NumberText, AMinusForPeopleIsOneOfTypography) {
  EXPECT_EQ(with_minus_sign("-1.5"),
            "\xe2\x88\x92"
            "1.5");
  EXPECT_EQ(with_minus_sign("1e-3"), "1e-3");
}

TEST(WholeNumber, IsTheWholeOfTheText) {
  EXPECT_EQ(whole_number<uint32_t>("0"), 0u);
  EXPECT_EQ(whole_number<uint32_t>("4294967295"), 4294967295u);
  EXPECT_EQ(whole_number<int64_t>("-7"), -7);
  for (const char* text : {"", "4294967296", "-1", "+1", " 1", "1 ", "1.0", "0x1", "a"}) {
    EXPECT_EQ(whole_number<uint32_t>(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace safelight
