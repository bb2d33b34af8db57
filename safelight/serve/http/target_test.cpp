#include "safelight/serve/http/target.h"

#include <gtest/gtest.h>
#include <tuple>

namespace safelight::serve {
namespace {

using Segments = std::vector<std::string>;

constexpr uint32_t kMaxParameters = 3;

Target parsed(std::string_view text) {
  auto target = parse_target(text, kMaxParameters);
  EXPECT_TRUE(target.has_value()) << text;
  return target ? *target : Target{};
}

TEST(TargetTest, TheRootHasNoSegments) {
  EXPECT_EQ(parsed("/").segments, Segments{});
  EXPECT_EQ(parsed("/?a=1").segments, Segments{});
}

TEST(TargetTest, SegmentsAndParametersAreDecoded) {
  const auto target = parsed("/v1/cases/a%20b+%C3%A9?kind=x+y%2Bz&flag&empty=");
  EXPECT_EQ(target.segments, (Segments{"v1", "cases", "a b+\u00e9"}));
  EXPECT_EQ(target.query.find("kind"), "x y+z");
  EXPECT_EQ(target.query.find("flag"), "");
  EXPECT_EQ(target.query.find("empty"), "");
  EXPECT_EQ(target.query.find("none"), std::nullopt);
}

TEST(TargetTest, AnEqualsSignOfTheValueStays) {
  EXPECT_EQ(parsed("/a?cursor=ab==").query.find("cursor"), "ab==");
}

class BrokenTargetTest
    : public testing::TestWithParam<std::tuple<std::string_view, std::string_view, uint64_t>> {};

TEST_P(BrokenTargetTest, IsRefusedWhereItBreaks) {
  const auto& [text, rule, offset_bytes] = GetParam();
  const auto target = parse_target(text, kMaxParameters);
  ASSERT_FALSE(target.has_value());
  const bool is_limit = rule == "target.query-parameters";
  EXPECT_EQ(target.error(), Error::at(is_limit ? ErrorCode::limit_exceeded : ErrorCode::malformed,
                                      rule, offset_bytes));
}

using namespace std::string_view_literals;

INSTANTIATE_TEST_SUITE_P(
    EachRule, BrokenTargetTest,
    testing::Values(
        std::tuple{""sv, "target.origin-form"sv, 0}, std::tuple{"*"sv, "target.origin-form"sv, 0},
        std::tuple{"http://host/a"sv, "target.origin-form"sv, 0},
        std::tuple{"/a%2"sv, "target.escape"sv, 2}, std::tuple{"/a%g0"sv, "target.escape"sv, 2},
        std::tuple{"/a%"sv, "target.escape"sv, 2}, std::tuple{"/a#b"sv, "target.character"sv, 2},
        std::tuple{"/a b"sv, "target.character"sv, 2},
        std::tuple{"/a\xc3\xa9"sv, "target.character"sv, 2},
        std::tuple{"/a%00"sv, "target.control"sv, 2}, std::tuple{"/a%7f"sv, "target.control"sv, 2},
        std::tuple{"/a?b=%0a"sv, "target.control"sv, 5},
        std::tuple{"/b/a%c3"sv, "target.utf8"sv, 3}, std::tuple{"//a"sv, "target.segment"sv, 1},
        std::tuple{"/a/"sv, "target.segment"sv, 3}, std::tuple{"/a/../b"sv, "target.segment"sv, 3},
        std::tuple{"/a/%2e%2E/b"sv, "target.segment"sv, 3},
        std::tuple{"/a/."sv, "target.segment"sv, 3}, std::tuple{"/a%2fb"sv, "target.segment"sv, 1},
        std::tuple{"/a%5cb"sv, "target.segment"sv, 1},
        std::tuple{"/a?=1"sv, "target.query-name"sv, 3},
        std::tuple{"/a?b=1&&c=1"sv, "target.query-name"sv, 7},
        std::tuple{"/a?b=1&b=2"sv, "target.query-repeated"sv, 7},
        std::tuple{"/a?b=1&%62=2"sv, "target.query-repeated"sv, 7},
        std::tuple{"/?a&b&c&d"sv, "target.query-parameters"sv, 8}));

TEST(TargetTest, EveryPrefixOfATargetIsATargetOrIsRefused) {
  constexpr std::string_view kWhole = "/v1/a%20b?x=%41&y=2";
  for (size_t length = 0; length < kWhole.size(); ++length) {
    const auto target = parse_target(kWhole.substr(0, length), kMaxParameters);
    if (target) continue;
    EXPECT_EQ(target.error().code, ErrorCode::malformed);
    EXPECT_LE(target.error().offset_bytes, length);
  }
}

}  // namespace
}  // namespace safelight::serve
