#include "safelight/provenance/marks/internal/json.h"

#include <gtest/gtest.h>

namespace safelight::marks {
namespace {

std::unique_ptr<const Json> parse(std::string_view text, MarksLimits limits = {}) {
  auto parsed = parse_json(text, limits);
  return parsed ? std::move(*parsed) : nullptr;
}

Error error_of(std::string_view text, MarksLimits limits = {}) {
  const auto parsed = parse_json(text, limits);
  EXPECT_FALSE(parsed);
  return parsed ? Error{} : parsed.error();
}

TEST(ParseJson, KeepsValuesAsTheyAreWritten) {
  const auto json = parse(R"({"b": 8.0, "a": "x\u00e9", "n": null, "t": true, "i": -3})");
  ASSERT_NE(json, nullptr);
  EXPECT_EQ(scalar_member(*json, "b"), "8.0");
  EXPECT_EQ(text_member(*json, "a"), "x\xc3\xa9");
  EXPECT_EQ(scalar_member(*json, "n"), "");
  EXPECT_EQ(scalar_member(*json, "t"), "true");
  EXPECT_EQ(scalar_member(*json, "i"), "-3");
  EXPECT_EQ(text_member(*json, "i"), "");
  EXPECT_EQ(member(*json, "z"), nullptr);
  EXPECT_EQ(json->members[0].name, "a");
}

TEST(ParseJson, TakesTheLastOfEqualNames) {
  const auto json = parse(R"({"a": 1, "b": 2, "a": 3})");
  ASSERT_NE(json, nullptr);
  EXPECT_EQ(json->members.size(), 2u);
  EXPECT_EQ(scalar_member(*json, "a"), "3");
}

TEST(ParseJson, TakesPythonsNumbersAsNull) {
  const auto json = parse(R"([NaN, -Infinity, Infinity, "NaN \" Infinity", -1])");
  ASSERT_NE(json, nullptr);
  const auto values = elements(json.get());
  ASSERT_EQ(values.size(), 5u);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(values[i].value.kind, Json::Kind::null);
  EXPECT_EQ(values[3].value.text, "NaN \" Infinity");
  EXPECT_EQ(values[4].value.text, "-1");
}

TEST(ParseJson, RefusesWhatIsNone) {
  for (const std::string_view text :
       {"", "{", "{\"a\":}", "[1,]", "{} {}", "{\"a\":\"\xff\"}", "Nan"}) {
    EXPECT_EQ(error_of(text).code, ErrorCode::malformed) << text;
  }
}

TEST(ParseJson, StopsAtDepth) {
  const std::string deep(100'000, '[');
  EXPECT_EQ(error_of(deep).rule, "max_json_depth");
  EXPECT_NE(parse("[[1]]", {.max_json_depth = 2}), nullptr);
  EXPECT_EQ(error_of("[[[1]]]", {.max_json_depth = 2}).rule, "max_json_depth");
}

TEST(ParseJson, TakesValuesFromOneBudget) {
  MarksLimits limits{.max_json_values = 5};
  EXPECT_TRUE(parse_json("[1,2]", limits));
  EXPECT_EQ(limits.max_json_values, 2u);
  const auto second = parse_json("[1,2]", limits);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().rule, "max_json_values");
}

TEST(ParseJson, StopsAtSize) {
  EXPECT_EQ(error_of("[1234567]", {.max_json_bytes = 8}).rule, "max_json_bytes");
}

TEST(ParseJson, IsCutAnywhereWithoutHarm) {
  const std::string text = R"({"a": [1, {"b": "c\u0041"}, NaN], "d": -Infinity})";
  ASSERT_NE(parse(text), nullptr);
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(parse(text.substr(0, size)), nullptr) << size;
  }
}

}  // namespace
}  // namespace safelight::marks
