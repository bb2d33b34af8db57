#include "safelight/synthesis/calibration/estimate_finding.h"

#include <gmock/gmock.h>

#include "safelight/synthesis/calibration/calibration_for_test.h"
#include "safelight/synthesis/likelihood/verbal_scale.h"

namespace safelight::synthesis {
namespace {

using testing::HasSubstr;
using testing::Not;

const Date kToday = *date_from_text("2026-11-30");
constexpr const char* kPropositions =
    "Held against each other are that a camera took the picture, perhaps recompressed or resized "
    "since, and that a model generated all of it; edits, face swaps, image-to-image and "
    "photographs of screens are neither.";

Finding finding(const Assessment& assessment, const Calibration* calibration) {
  static const DetectorIdentity detector = calibration_for_test().detector;
  return estimate_finding(estimate(assessment, detector, calibration, kToday));
}

Finding of_score(double score) {
  Calibration calibration = calibration_for_test();
  calibration.strata[1].filled_from = {"jpeg_90"};
  return finding({score, "", kLargeLight, {{"peaks", 1.0 / 3}, {"slope", -2}}}, &calibration);
}

TEST(EstimateFinding, ARatioIsAWeakFindingWithAllThatItRestsOn) {
  const Finding found = of_score(-0.5);
  EXPECT_EQ(found.kind, "origin_estimate");
  EXPECT_EQ(found.grade, Grade::weak);
  EXPECT_EQ(found.statement,
            "Detector \"built-in <cues>\" supports a camera: weak support for a camera capture "
            "rather than a wholly generated picture (log10 likelihood ratio 1.00). " +
                std::string(kPropositions));
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"detector", "built-in <cues>"},
      {"model", to_hex(digest_for_test(0x11))},
      {"preprocessing", to_hex(digest_for_test(0x22))},
      {"stratum", "longer side 1000 px or more, lossless or JPEG quality 85 or more"},
      {"score", "-0.5"},
      {"supports", "camera"},
      {"log10_lr", "1.00"},
      {"lower_bound", "-1.62"},
      {"upper_bound", "1.78"},
      {"bound_reached", "none"},
      {"verbal", "weak support for a camera capture rather than a wholly generated picture"},
      {"edition", std::string(kVerbalScaleEdition)},
      {"population",
       "sources: unit-phones 568, lab-2026 514; generators: model-x 300, model-y 214; camera "
       "makers: Samsung 448, Canon 120"},
      {"n_camera", "380"},
      {"n_generated", "290"},
      {"camera_sources", "10"},
      {"generated_sources", "7"},
      {"filled_from", "jpeg_90"},
      {"stratum_cllr", "0.64"},
      {"cllr", "0.72"},
      {"cllr_lower", "0.61"},
      {"cllr_upper", "0.85"},
      {"manifest", to_hex(digest_for_test(0x33))},
      {"calibrated", "2026-11-29"},
      {"expires", "2027-05-28"},
      {"cue", "peaks 0.333333"},
      {"cue", "slope -2"}};
  EXPECT_EQ(found.fields, expected);
}

TEST(EstimateFinding, ASideOrNoneIsNamedAndABoundThatWasReached) {
  EXPECT_THAT(
      of_score(9).statement,
      HasSubstr("supports wholly generated: moderate support for a wholly generated picture "
                "rather than a camera capture (log10 likelihood ratio -1.62, cut to the "
                "lower bound of what its references support). "));
  EXPECT_THAT(of_score(0.1).statement, HasSubstr("is inconclusive: ratios this near to 1"));
  EXPECT_EQ(of_score(0.1).fields[5].second, "inconclusive");
}

TEST(EstimateFinding, WithoutACalibrationTheCuesAreAFact) {
  const Finding found = finding({0.5, "", kLargeLight, {{"peaks", 2}}}, nullptr);
  EXPECT_EQ(found.kind, "origin_cues");
  EXPECT_EQ(found.grade, Grade::fact);
  EXPECT_EQ(found.statement,
            "Detector \"built-in <cues>\" has no valid calibration: cues only, which are evidence "
            "of nothing yet. Why: There is no calibration of this detector. " +
                std::string(kPropositions));
  EXPECT_THAT(found.fields, testing::Contains(testing::Pair("reason", "no_calibration")));
  EXPECT_THAT(found.fields, testing::Contains(testing::Pair("cue", "peaks 2")));
  EXPECT_THAT(found.fields, Not(testing::Contains(testing::Key("log10_lr"))));
}

TEST(EstimateFinding, WhatCannotBeAssessedIsAFactAndSaysWhy) {
  const Finding found =
      finding({std::nullopt, "the picture is too small", kLargeLight, {}}, nullptr);
  EXPECT_EQ(found.kind, "origin_not_assessable");
  EXPECT_EQ(found.grade, Grade::fact);
  EXPECT_EQ(found.statement,
            "Detector \"built-in <cues>\" cannot assess the picture: the picture is too small. " +
                std::string(kPropositions));
  EXPECT_THAT(found.fields, testing::Contains(testing::Pair("why", "the picture is too small")));
}

TEST(EstimateFinding, NoStatementSpeaksOfAProbabilityOrAVerdict) {
  const Calibration calibration = calibration_for_test();
  for (const Finding& found :
       {of_score(9), of_score(0.1), of_score(-9), finding({0.5, "", kLargeLight, {}}, nullptr),
        finding({std::nullopt, "flat", kLargeLight, {}}, &calibration)}) {
    for (const char* word : {"%", "probab", "likely", "fake", "authentic", "genuine", "is real"}) {
      EXPECT_THAT(found.statement, Not(HasSubstr(word))) << found.kind;
    }
    EXPECT_THAT(found.statement, HasSubstr(kPropositions));
  }
}

TEST(EstimateFinding, AFusionNamesItsMembersAndIsNotCountedTwice) {
  const Calibration fused = fused_calibration_for_test();
  const Finding found =
      estimate_finding(estimate({-0.5, "", kLargeLight, {}}, fused.detector, &fused, kToday));
  EXPECT_EQ(found.kind, "origin_estimate");
  EXPECT_THAT(found.statement, HasSubstr("Detector \"fusion of first + second\""));
  EXPECT_THAT(found.statement, HasSubstr("not to be multiplied with them"));
  EXPECT_THAT(found.fields, testing::Contains(testing::Pair("fused_from", "first")));
  EXPECT_THAT(found.fields, testing::Contains(testing::Pair("fused_from", "second")));
}

}  // namespace
}  // namespace safelight::synthesis
