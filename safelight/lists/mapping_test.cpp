#include "safelight/lists/mapping.h"

#include <gtest/gtest.h>

namespace safelight {
namespace {

TEST(CategoryMapping, AnUnmappedCodeIsForReview) {
  const auto mapping = CategoryMapping::parse("1 = known\n0=ordinary\n");
  ASSERT_TRUE(mapping);
  EXPECT_EQ(mapping->disposition_of("1"), Disposition::known);
  EXPECT_EQ(mapping->disposition_of("0"), Disposition::ordinary);
  EXPECT_EQ(mapping->disposition_of("2"), Disposition::review);
  EXPECT_FALSE(mapping->find("2"));
}

TEST(CategoryMapping, TextReadsBack) {
  const auto mapping =
      CategoryMapping::parse("# comment\r\n\n  a=b = review\r\nWORTH LOOKING = unknown");
  ASSERT_TRUE(mapping);
  EXPECT_EQ(mapping->disposition_of("a=b"), Disposition::review);
  EXPECT_EQ(to_text(*mapping), "WORTH LOOKING = unknown\na=b = review\n");
  EXPECT_EQ(*CategoryMapping::parse(to_text(*mapping)), *mapping);
}

TEST(CategoryMapping, WhatIsWrongIsAtItsLine) {
  const auto rule_of = [](std::string_view text) {
    const auto mapping = CategoryMapping::parse(text);
    return mapping ? Error{} : mapping.error();
  };
  EXPECT_EQ(rule_of("1 = known\nnonsense\n"), Error::at(ErrorCode::malformed, "mapping.line", 10));
  EXPECT_EQ(rule_of("1 = known\n = known\n"), Error::at(ErrorCode::malformed, "mapping.code", 10));
  EXPECT_EQ(rule_of("1 = known\n2 = bad\n"),
            Error::at(ErrorCode::malformed, "disposition.name", 10));
  EXPECT_EQ(rule_of("1 = known\n1 = review\n"),
            Error::at(ErrorCode::malformed, "mapping.twice", 10));
}

TEST(CategoryMapping, ACommandLinesAssignmentReplacesWhatStood) {
  CategoryMapping mapping;
  ASSERT_TRUE(mapping.set_from_text("3=known"));
  ASSERT_TRUE(mapping.set_from_text("3=ordinary"));
  EXPECT_EQ(mapping.disposition_of("3"), Disposition::ordinary);
  EXPECT_EQ(mapping.set_from_text("3").error().rule, "mapping.line");
}

}  // namespace
}  // namespace safelight
