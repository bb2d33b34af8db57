#include "safelight/scan/estimates.h"

#include <gmock/gmock.h>

#include "safelight/synthesis/calibration/calibration_for_test.h"

namespace safelight::scan {
namespace {

using synthesis::Assessment;
using synthesis::calibration_for_test;
using synthesis::DetectorIdentity;
using synthesis::digest_for_test;
using testing::Contains;
using testing::Pair;

EstimateOptions options() {
  EstimateOptions out;
  out.calibrations = {calibration_for_test()};
  out.today = *synthesis::date_from_text("2026-12-01");
  return out;
}

const Assessment kAssessment = {-0.5, "", synthesis::kLargeLight, {}};

TEST(Estimates, ADetectorIsReadByItsOwnCalibrationAlone) {
  const DetectorIdentity other = {"other", digest_for_test(9), digest_for_test(8)};
  const auto findings = estimate_findings(std::vector{calibration_for_test().detector, other},
                                          std::vector{kAssessment, kAssessment}, options());
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].kind, "origin_estimate");
  EXPECT_EQ(findings[1].kind, "origin_cues");
  EXPECT_THAT(findings[1].fields, Contains(Pair("reason", "no_calibration")));
}

TEST(Estimates, OfTwoCalibrationsTheOneThatHoldsLongerCounts) {
  EstimateOptions both = options();
  both.calibrations.push_back(both.calibrations[0]);
  both.calibrations[0].expires = *synthesis::date_from_text("2026-11-30");
  const auto findings = estimate_findings(std::vector{calibration_for_test().detector},
                                          std::vector{kAssessment}, both);
  EXPECT_EQ(findings[0].kind, "origin_estimate");
  both.calibrations.pop_back();
  EXPECT_EQ(estimate_findings(std::vector{calibration_for_test().detector},
                              std::vector{kAssessment}, both)[0]
                .kind,
            "origin_cues")
      << "expired";
}

TEST(Estimates, AFusionSpeaksWhereAllItsDetectorsDo) {
  EstimateOptions fused = options();
  fused.calibrations = {synthesis::fused_calibration_for_test()};
  const synthesis::Fusion& fusion = *fused.calibrations[0].fusion;
  std::vector<DetectorIdentity> detectors = {fusion.members[1].detector,
                                             fusion.members[0].detector};
  detectors[0].name = "called otherwise here";
  std::vector<Assessment> assessments = {kAssessment, kAssessment};
  assessments[1].score = 0.25;
  const auto findings = estimate_findings(detectors, assessments, fused);
  ASSERT_EQ(findings.size(), 3u);
  EXPECT_EQ(findings[0].kind, "origin_cues");
  EXPECT_EQ(findings[2].kind, "origin_estimate");
  EXPECT_THAT(findings[2].fields, Contains(Pair("fused_from", "first")));
  // -(0.125 + 0.75 * (0.5 - 2 * 0.25) + 0.5 * (0.25 + 0.5))
  EXPECT_THAT(findings[2].fields, Contains(Pair("score", "-0.5")));

  assessments[0] = {std::nullopt, "too small", {}, {}};
  EXPECT_EQ(estimate_findings(detectors, assessments, fused).size(), 2u);
  detectors.pop_back();
  assessments.pop_back();
  EXPECT_EQ(estimate_findings(detectors, assessments, fused).size(), 1u);
}

TEST(Estimates, WhatNoDetectorCanLookAtIsSaidForEach) {
  const auto findings =
      not_assessable_findings(std::vector<DetectorIdentity>(2), "pictures of this format");
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[1].kind, "origin_not_assessable");
  EXPECT_THAT(findings[1].fields, Contains(Pair("why", "pictures of this format")));
}

}  // namespace
}  // namespace safelight::scan
