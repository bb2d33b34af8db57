#include "safelight/serve/http/cookies.h"

#include <gtest/gtest.h>

namespace safelight::serve {
namespace {

using Entries = std::vector<NamedText>;

TEST(CookiesTest, PairsAreReadInOrder) {
  EXPECT_EQ(parse_cookies("a=1; __Host-session=x-y_z=").entries(),
            (Entries{{"a", "1"}, {"__Host-session", "x-y_z="}}));
}

TEST(CookiesTest, QuotesAroundAValueAreNotPartOfIt) {
  EXPECT_EQ(parse_cookies("a=\"1\"").entries(), (Entries{{"a", "1"}}));
}

TEST(CookiesTest, WhatIsNotWellFormedIsLeftOut) {
  EXPECT_EQ(parse_cookies("none; =1; b c=1; d=x y; e=\"; f=\\; g=\x01; h=\xc3\xa9; i=1").entries(),
            (Entries{{"i", "1"}}));
  EXPECT_EQ(parse_cookies("").entries(), Entries{});
  EXPECT_EQ(parse_cookies(";;; ;").entries(), Entries{});
}

TEST(CookiesTest, ANameThatComesTwiceIsLeftOut) {
  EXPECT_EQ(parse_cookies("a=1; b=2; a=3").entries(), (Entries{{"b", "2"}}));
  EXPECT_EQ(parse_cookies("a=1; b=2; a=3; a=4").entries(), (Entries{{"b", "2"}}));
}

TEST(CookiesTest, AMalformedTwinMakesANameDoubtful) {
  EXPECT_EQ(parse_cookies("a=1; a=x y").entries(), Entries{});
  EXPECT_EQ(parse_cookies("a=x y; a=1").entries(), Entries{});
}

}  // namespace
}  // namespace safelight::serve
