#include "safelight/synthesis/calibration/stated_assessment.h"

#include <cmath>
#include <gmock/gmock.h>

#include "safelight/synthesis/calibration/calibration_for_test.h"
#include "safelight/synthesis/calibration/estimate_finding.h"

namespace safelight::synthesis {
namespace {

const Date kToday = *date_from_text("2026-11-30");
const DetectorIdentity kDetector = calibration_for_test().detector;

Assessment assessment() {
  return {-0.1 - 0.2,
          "",
          kLargeLight,
          {{"towards camera: how alike red and blue are", -1.0 / 3}, {"peaks", 2e-9}, {"", -0.0}}};
}

Finding finding_of(const Assessment& assessment, const Calibration* calibration) {
  return estimate_finding(estimate(assessment, kDetector, calibration, kToday));
}

Finding cues_finding() { return finding_of(assessment(), nullptr); }

void set(Finding& finding, std::string_view name, const std::string& text) {
  for (auto& [field, value] : finding.fields) {
    if (field == name) value = text;
  }
}

void remove(Finding& finding, std::string_view name) {
  std::erase_if(finding.fields, [&](const auto& field) { return field.first == name; });
}

TEST(StatedAssessment, IsReadAsItWasStatedWhateverCameOfIt) {
  const Calibration calibration = calibration_for_test();
  for (const Stratum& stratum : all_strata()) {
    for (const double score : {-2.593612576245127, 1.0 / 3, 1e300, -5e-12, 0.0, -0.0, 123456.75}) {
      for (const Calibration* by : {&calibration, static_cast<const Calibration*>(nullptr)}) {
        Assessment said = assessment();
        said.score = score;
        said.stratum = stratum;
        const auto read = read_stated_assessment(finding_of(said, by));
        ASSERT_TRUE(read) << read.error().rule;
        EXPECT_EQ(*read, (StatedAssessment{kDetector, as_stated(said)}));
      }
    }
  }
}

TEST(StatedAssessment, WhatIsNotAssessableIsReadWithItsReason) {
  const Assessment said = {std::nullopt, "the picture is too small", kSmallStrong, {{"side", 12}}};
  const auto read = read_stated_assessment(finding_of(said, nullptr));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, (StatedAssessment{kDetector, said}));
}

TEST(StatedAssessment, JudgedAsStatedTheSameFindingComesOfItAgain) {
  const Calibration calibration = calibration_for_test();
  const Assessment unreadable = {std::nullopt, "flat", kSmallStrong, {{"side", 12.3456789}}};
  for (const Assessment& said : {assessment(), unreadable}) {
    for (const Calibration* by : {&calibration, static_cast<const Calibration*>(nullptr)}) {
      const Finding first = finding_of(as_stated(said), by);
      EXPECT_EQ(first, finding_of(said, by)) << "stating rounds nothing further";
      const auto read = read_stated_assessment(finding_of(as_stated(said), nullptr));
      ASSERT_TRUE(read);
      EXPECT_EQ(finding_of(read->assessment, by), first);
    }
  }
}

TEST(StatedAssessment, ARatioIsOfTheScoreThatIsWritten) {
  // So near to where the last digit of the ratio turns that the digits not written decide it.
  Calibration calibration = calibration_for_test();
  calibration.strata[1].calibration.line = {0, -1};
  Assessment said = assessment();
  said.score = -1.00500000000004;
  const Finding found = finding_of(as_stated(said), &calibration);
  EXPECT_THAT(found.fields, testing::Contains(testing::Pair("log10_lr", "1.00")));
  EXPECT_THAT(finding_of(said, &calibration).fields,
              testing::Contains(testing::Pair("log10_lr", "1.01")));
  const auto read = read_stated_assessment(found);
  ASSERT_TRUE(read);
  EXPECT_EQ(finding_of(read->assessment, &calibration), found);
}

TEST(StatedAssessment, OnlyTheFirstCuesAreStated) {
  Assessment said = assessment();
  said.cues.assign(kToldCues + 1, {"peaks", 1});
  EXPECT_EQ(as_stated(said).cues.size(), kToldCues);
  Finding finding = finding_of(said, nullptr);
  EXPECT_EQ(read_stated_assessment(finding)->assessment.cues, as_stated(said).cues);
  finding.fields.emplace_back("cue", "peaks 1");
  EXPECT_EQ(read_stated_assessment(finding).error(),
            (Error{ErrorCode::malformed, "stated-assessment.cue"}))
      << "none is lost silently";
}

TEST(StatedAssessment, WhatIsNoFiniteNumberStaysAsItIs) {
  Assessment said = assessment();
  said.score = INFINITY;
  EXPECT_EQ(as_stated(said).score, INFINITY);
}

TEST(StatedAssessment, AFindingOfAnotherKindIsRefused) {
  Finding finding = cues_finding();
  EXPECT_TRUE(states_assessment(finding));
  finding.kind = "camera_metadata";
  EXPECT_FALSE(states_assessment(finding));
  EXPECT_EQ(read_stated_assessment(finding).error(),
            (Error{ErrorCode::malformed, "stated-assessment.kind"}));
}

TEST(StatedAssessment, AFusionIsKnownByTheDetectorsItNames) {
  EXPECT_FALSE(is_fused(cues_finding()));
  const Calibration fused = fused_calibration_for_test();
  Finding finding = estimate_finding(estimate(assessment(), fused.detector, &fused, kToday));
  EXPECT_TRUE(is_fused(finding));
  finding.kind = "camera_metadata";
  EXPECT_FALSE(is_fused(finding));
}

TEST(StatedAssessment, AFieldThatIsMissingOrThereTwiceIsNamed) {
  const Finding not_assessable =
      finding_of({std::nullopt, "flat", kSmallStrong, {{"side", 12}}}, nullptr);
  const std::vector<std::pair<Finding, std::string>> needed = {
      {cues_finding(), "detector"}, {cues_finding(), "model"}, {cues_finding(), "preprocessing"},
      {cues_finding(), "stratum"},  {cues_finding(), "score"}, {not_assessable, "why"}};
  for (const auto& [good, name] : needed) {
    const std::string rule = "stated-assessment." + name;
    Finding missing = good;
    remove(missing, name);
    ASSERT_FALSE(read_stated_assessment(missing)) << name;
    EXPECT_EQ(read_stated_assessment(missing).error(), (Error{ErrorCode::malformed, rule}));
    Finding twice = good;
    twice.fields.emplace_back(name, "1");
    ASSERT_FALSE(read_stated_assessment(twice)) << name;
    EXPECT_EQ(read_stated_assessment(twice).error(), (Error{ErrorCode::malformed, rule}));
  }
}

TEST(StatedAssessment, AFieldThatIsNotWhatItMustBeIsNamed) {
  const std::vector<std::pair<std::string, std::string>> broken = {
      {"model", std::string(63, 'a')},
      {"preprocessing", std::string(64, 'g')},
      {"stratum", "large/light"},
      {"stratum", ""},
      {"score", ""},
      {"score", "nan"},
      {"score", "-inf"},
      {"score", "1e999"},
      {"score", "0.5 "},
      {"score", "+0.5"},
      {"score", "0x10"},
      {"score", "half"},
      {"cue", "peaks"},
      {"cue", "peaks "},
      {"cue", "peaks nan"},
      {"cue", "peaks 1 px"},
      {"cue", ""}};
  for (const auto& [name, text] : broken) {
    Finding finding = cues_finding();
    set(finding, name, text);
    const auto read = read_stated_assessment(finding);
    ASSERT_FALSE(read) << name << " = " << text;
    EXPECT_EQ(read.error(), (Error{ErrorCode::malformed, "stated-assessment." + name})) << text;
  }
}

}  // namespace
}  // namespace safelight::synthesis
