#include "safelight/provenance/c2pa/store/json.h"

#include <gtest/gtest.h>
#include <string>

namespace safelight::c2pa {
namespace {

bool json(std::string_view text) { return is_json(std::as_bytes(std::span(text))); }

TEST(Json, KnowsEveryKindOfValue) {
  for (const char* text :
       {"{}", "[]", " \t\r\n{ } ", "null", "true", "false", "0", "-0", "12", "-1.5e+10", "1E5",
        "\"\"", R"("\"\\\/\b\f\n\r\t\u00e9")", R"({"a":[1,{"b":null}],"a":2})", "\"\xc3\xa9\""}) {
    EXPECT_TRUE(json(text)) << text;
  }
}

TEST(Json, RefusesWhatIsNoJson) {
  for (const char* text : {"",       " ",        "{",    "[1,]",  "{\"a\"}", "{\"a\":}",
                           "{a:1}",  "01",       "1.",   ".5",    "1e",      "+1",
                           "- 1",    "nul",      "True", "\"",    "\"\\x\"", "\"\\u12g4\"",
                           "\"\n\"", "\"\xff\"", "{}{}", "[1 2]", "'a'",     "\xef\xbb\xbf{}"}) {
    EXPECT_FALSE(json(text)) << text;
  }
}

TEST(Json, RefusesEveryTruncation) {
  const std::string whole = R"({"@type":"CreativeWork","n":[-1.25e2,true,"\u00e9"]})";
  ASSERT_TRUE(json(whole));
  for (size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(json(whole.substr(0, size)));
}

TEST(Json, FollowsNoNestingBeyondItsDepth) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(json(nested(kMaxJsonDepth)));
  EXPECT_FALSE(json(nested(kMaxJsonDepth + 1)));
  EXPECT_FALSE(json(std::string(10'000'000, '[')));
}

}  // namespace
}  // namespace safelight::c2pa
