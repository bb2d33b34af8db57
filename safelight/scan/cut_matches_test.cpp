#include "safelight/scan/cut_matches.h"

#include <gmock/gmock.h>
#include <vector>

namespace safelight::scan {
namespace {

using testing::ElementsAre;

const auto kAnyList = [](std::string_view) { return true; };

std::vector<std::string> kinds_of(const casefile::Examination& examination) {
  std::vector<std::string> out;
  for (const Finding& finding : examination.findings) {
    out.push_back(finding.kind +
                  (finding.fields.empty() ? "" : ":" + finding.fields.front().second));
  }
  return out;
}

casefile::Examination examined() {
  casefile::Examination examination;
  Finding other;
  other.kind = "trailing_data";
  examination.findings.push_back(other);
  return examination;
}

TEST(CutMatches, EachListSaysHowManyItsLimitLeftOut) {
  casefile::Examination examination = examined();
  EXPECT_TRUE(
      state_cut_matches(examination, std::vector<CutMatches>{{"a", 7}, {"b", 1}}, kAnyList));
  EXPECT_THAT(kinds_of(examination),
              ElementsAre("trailing_data", "further_matches:a", "further_matches:b"));
  EXPECT_EQ(examination.findings[1].statement,
            "The list a has 7 further matches besides the 100 hits that are kept: the nearest, and "
            "one of the gravest disposition.");
  EXPECT_EQ(examination.findings[1].grade, Grade::fact);
}

TEST(CutMatches, TheSameAgainChangesNothing) {
  casefile::Examination examination = examined();
  const std::vector<CutMatches> cut = {{"a", 7}};
  EXPECT_FALSE(state_cut_matches(examination, {}, kAnyList));
  EXPECT_TRUE(state_cut_matches(examination, cut, kAnyList));
  const casefile::Examination before = examination;
  EXPECT_FALSE(state_cut_matches(examination, cut, kAnyList));
  EXPECT_EQ(examination, before);
}

TEST(CutMatches, WhatNoLongerHoldsGoesAndWhatOtherListsSaidStays) {
  casefile::Examination examination = examined();
  state_cut_matches(examination, std::vector<CutMatches>{{"a", 7}, {"b", 1}}, kAnyList);
  EXPECT_TRUE(
      state_cut_matches(examination, {}, [](std::string_view list) { return list == "a"; }));
  EXPECT_THAT(kinds_of(examination), ElementsAre("trailing_data", "further_matches:b"));
}

}  // namespace
}  // namespace safelight::scan
