#include "safelight/base/json_writer.h"

#include <gtest/gtest.h>
#include <limits>

namespace safelight {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonString, EscapesWhatJsonAndHtmlGiveMeaningTo) {
  EXPECT_EQ(quoted("a\"b\\c\n\x7f"), R"("a\"b\\c\u000a\u007f")");
  EXPECT_EQ(quoted("</script><!--&"), R"("\u003c/script\u003e\u003c!--\u0026")");
  EXPECT_EQ(quoted("x\xe2\x80\xa8y\xe2\x80\xa9z"), R"("x\u2028y\u2029z")");
  EXPECT_EQ(quoted(std::string_view("\0", 1)), R"("\u0000")");
}

TEST(JsonString, KeepsUtf8AndReplacesEveryOtherByte) {
  EXPECT_EQ(quoted("Gr\xc3\xbc\xc3\x9f \xf0\x9f\x8c\x84"),
            "\"Gr\xc3\xbc\xc3\x9f \xf0\x9f\x8c\x84\"");
  EXPECT_EQ(quoted("\xff"), R"("\ufffd")");
  EXPECT_EQ(quoted("\xc0\x80"), R"("\ufffd\ufffd")");
  EXPECT_EQ(quoted("\xed\xa0\x80"), R"("\ufffd\ufffd\ufffd")");
  EXPECT_EQ(quoted("\xf4\x90\x80\x80"), R"("\ufffd\ufffd\ufffd\ufffd")");
  EXPECT_EQ(quoted("\xe2\x80"), R"("\ufffd\ufffd")");
}

TEST(JsonString, Utf8IsToldFromOtherBytes) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("a\xc3\xbc\xf0\x9f\x8c\x84"));
  for (const char* text :
       {"\xff", "a\x80", "\xc1\xbf", "\xed\xbf\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
}

TEST(JsonWriter, NestsAndSeparates) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("a", 1).field("b", "x").key("c").begin_array();
  json.number(uint64_t{18446744073709551615u}).number(-5).null().boolean(true);
  json.begin_object().end_object().begin_array().end_array();
  json.end_array().key("d").null().end_object();
  EXPECT_EQ(out, R"({"a":1,"b":"x","c":[18446744073709551615,-5,null,true,{},[]],"d":null})");
}

TEST(JsonWriter, WhatIsNotThereIsNull) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("a", std::optional(7)).field("b", std::optional<int>());
  json.field("c", std::optional<std::string>("x")).end_object();
  EXPECT_EQ(out, R"({"a":7,"b":null,"c":"x"})");
}

TEST(JsonWriter, EmbedsWhatIsJsonAlready) {
  std::string out;
  JsonWriter(out).begin_array().embed("{\"a\":1}").embed("[]").end_array();
  EXPECT_EQ(out, R"([{"a":1},[]])");
}

TEST(JsonWriter, NumbersWithAFractionAreRoundedAndWhatIsNoneIsNull) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("a", 0.1 + 0.2).field("b", -2.5e-9).key("c").begin_array();
  json.number(std::numeric_limits<double>::quiet_NaN());
  json.number(-std::numeric_limits<double>::infinity());
  json.number(-0.0).number(1.0).end_array().end_object();
  EXPECT_EQ(out, R"({"a":0.3,"b":-2.5e-09,"c":[null,null,0,1]})");
}

}  // namespace
}  // namespace safelight
