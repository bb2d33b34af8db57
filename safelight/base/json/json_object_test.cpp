#include "safelight/base/json/json_object.h"

#include <gtest/gtest.h>

namespace safelight {
namespace {

JsonObject parsed(std::string_view text) { return std::move(*JsonObject::parse(text, "test")); }

TEST(JsonObject, GivesMembersOfTheirTypes) {
  auto json =
      parsed(R"({"a":"x","b":true,"c":7,"d":null,"e":["p","q"],"f":{"g":1},"h":[{"i":2}]})");
  EXPECT_EQ(json.text("a", 1), "x");
  EXPECT_TRUE(json.boolean("b"));
  EXPECT_EQ(json.number("c", 7), 7);
  EXPECT_EQ(json.number_or_null("d", 7), std::nullopt);
  EXPECT_EQ(json.texts("e", 2, 1), (std::vector<std::string>{"p", "q"}));
  EXPECT_EQ(json.object("f").number("g", 1), 1);
  for (auto& one : json.objects("h", 1)) EXPECT_EQ(one.number("i", 2), 2);
  EXPECT_TRUE(json.finish());
}

TEST(JsonObject, SaysWhetherAMemberIsThere) {
  auto json = parsed(R"({"a":1,"b":null})");
  EXPECT_TRUE(json.has("a"));
  EXPECT_FALSE(json.has("b"));
  EXPECT_FALSE(json.has("c"));
  EXPECT_EQ(json.number("a", 9), 1);
  EXPECT_TRUE(json.finish());
}

TEST(JsonObject, RefusesWhatIsNoObject) {
  for (const char* text : {"", "{", "[]", "1", "null", "\"x\"", "{}x", "{\"a\":1,}", "\xff"}) {
    const auto json = JsonObject::parse(text, "test");
    ASSERT_FALSE(json) << text;
    EXPECT_EQ(json.error().code, ErrorCode::malformed);
    EXPECT_EQ(json.error().rule, "test");
  }
}

TEST(JsonObject, FailsForAMemberThatIsMissingOfAnotherTypeOrOverItsLimit) {
  for (const char* text :
       {"{}", R"({"a":1})", R"({"a":null})", R"({"a":"xyz"})", R"({"a":["x"]})"}) {
    auto json = parsed(text);
    EXPECT_EQ(json.text("a", 2), "");
    EXPECT_FALSE(json.finish()) << text;
  }
  for (const char* text : {"{}", R"({"a":8})", R"({"a":-1})", R"({"a":1.5})", R"({"a":"1"})",
                           R"({"a":99999999999999999999})"}) {
    auto json = parsed(text);
    EXPECT_EQ(json.number("a", 7), 0);
    EXPECT_FALSE(json.finish()) << text;
  }
  for (const char* text : {"{}", R"({"a":0})", R"({"a":"true"})"}) {
    auto json = parsed(text);
    EXPECT_FALSE(json.boolean("a"));
    EXPECT_FALSE(json.finish()) << text;
  }
  for (const char* text : {"{}", R"({"a":"x"})", R"({"a":["x","y"]})", R"({"a":[1]})"}) {
    auto json = parsed(text);
    json.texts("a", 1, 1);
    EXPECT_FALSE(json.finish()) << text;
  }
}

TEST(JsonObject, FailsForAMemberThatNobodyReads) {
  auto json = parsed(R"({"a":1,"b":2})");
  json.number("a", 1);
  EXPECT_FALSE(json.finish());
}

TEST(JsonObject, FailsForWhatIsWrongWithinIt) {
  for (const char* text : {R"({"a":{}})", R"({"a":{"b":1,"c":2}})", R"({"a":[]})", "{}"}) {
    auto json = parsed(text);
    json.object("a").number("b", 1);
    EXPECT_FALSE(json.finish()) << text;
  }
  for (const char* text : {R"({"a":[{"b":1},{"b":1}]})", R"({"a":[1]})", R"({"a":[{}]})"}) {
    auto json = parsed(text);
    for (auto& one : json.objects("a", 1)) one.number("b", 1);
    EXPECT_FALSE(json.finish()) << text;
  }
}

TEST(JsonObject, IsNotTroubledByDepth) {
  EXPECT_FALSE(JsonObject::parse(std::string(100'000, '['), "test"));
  const std::string deep = "{\"a\":" + std::string(50'000, '[') + std::string(50'000, ']') + "}";
  auto json = parsed(deep);
  json.texts("a", 1, 1);
  EXPECT_FALSE(json.finish());
}

}  // namespace
}  // namespace safelight
