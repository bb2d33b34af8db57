#include "safelight/synthesis/calibration/estimate.h"

#include <gtest/gtest.h>
#include <limits>

#include "safelight/synthesis/calibration/calibration_for_test.h"
#include "safelight/synthesis/likelihood/verbal_scale.h"

namespace safelight::synthesis {
namespace {

const Date kToday = *date_from_text("2026-11-30");

class EstimateTest : public testing::Test {
 protected:
  /// Of the stratum large and light: 0.25 - 1.5 * score, bounded by -1.62 and 1.78.
  [[nodiscard]] Estimate of_score(double score) const {
    return estimate({score, "", kLargeLight, {{"peaks", 3.5}}}, calibration_.detector,
                    &calibration_, kToday);
  }
  [[nodiscard]] RatioEstimate ratio(double score) const {
    const Estimate estimate = of_score(score);
    EXPECT_TRUE(std::holds_alternative<RatioEstimate>(estimate.outcome));
    return std::get<RatioEstimate>(estimate.outcome);
  }
  static std::vector<std::string> codes_of(const Estimate& estimate) {
    std::vector<std::string> codes;
    const auto* cues = std::get_if<CuesOnly>(&estimate.outcome);
    if (cues == nullptr) return codes;
    for (const GateReason& reason : cues->reasons) codes.emplace_back(reason.code);
    return codes;
  }

  Calibration calibration_ = calibration_for_test();
};

using Codes = std::vector<std::string>;

TEST_F(EstimateTest, ARatioIsThatOfTheStratumWithinItsBounds) {
  EXPECT_DOUBLE_EQ(ratio(-0.5).log10_lr, 1.0);
  EXPECT_EQ(ratio(-0.5).reached, BoundReached::none);
  EXPECT_EQ(ratio(-0.5).supports, Supports::camera);
  EXPECT_EQ(ratio(-0.5).verbal, in_words(1.0));
  EXPECT_DOUBLE_EQ(ratio(1).log10_lr, -1.25);
  EXPECT_EQ(ratio(1).supports, Supports::generated);
  EXPECT_EQ(ratio(100).log10_lr, -1.62);
  EXPECT_EQ(ratio(100).reached, BoundReached::lower);
  EXPECT_EQ(ratio(-100).log10_lr, 1.78);
  EXPECT_EQ(ratio(-100).reached, BoundReached::upper);
}

TEST_F(EstimateTest, ARatioCarriesWhatItRestsOn) {
  const RatioEstimate found = ratio(-0.5);
  EXPECT_EQ(found.bounds, (LrBounds{-1.62, 1.78}));
  EXPECT_EQ(found.edition, kVerbalScaleEdition);
  EXPECT_EQ(found.references, (ReferenceCounts{{380, 10}, {290, 7}}));
  EXPECT_EQ(found.stratum_cllr, 0.64);
  EXPECT_EQ(found.cost, *calibration_.equalised);
  EXPECT_EQ(found.manifest, calibration_.manifest);
  EXPECT_EQ(found.made, calibration_.made);
  EXPECT_EQ(found.expires, calibration_.expires);
  EXPECT_EQ(found.population,
            "sources: unit-phones 568, lab-2026 514; generators: model-x 300, model-y 214; camera "
            "makers: Samsung 448, Canon 120");
  EXPECT_EQ(of_score(-0.5).cues, (std::vector<Cue>{{"peaks", 3.5}}));
}

TEST_F(EstimateTest, WithinTheAbstentionRangeItIsInconclusive) {
  // 0.5 is not above 0.5; -0.75 is up to -0.75.
  const double at_camera = (0.25 - 0.5) / 1.5;
  EXPECT_EQ(ratio(at_camera + 1e-9).supports, Supports::inconclusive);
  EXPECT_EQ(ratio(at_camera - 1e-9).supports, Supports::camera);
  const double at_generated = (0.25 + 0.75) / 1.5;
  EXPECT_EQ(ratio(at_generated - 1e-9).supports, Supports::inconclusive);
  EXPECT_EQ(ratio(at_generated + 1e-9).supports, Supports::generated);
  EXPECT_TRUE(ratio(at_camera + 1e-9).verbal.starts_with("inconclusive: ratios this near"));
}

TEST_F(EstimateTest, ASideThatCouldNotBeCertifiedIsNeverSupported) {
  calibration_.abstention = AbstentionRange{std::nullopt, 0.5};
  EXPECT_EQ(ratio(100).supports, Supports::inconclusive);
  EXPECT_EQ(ratio(-100).supports, Supports::camera);
  calibration_.abstention = AbstentionRange{};
  EXPECT_EQ(ratio(-100).supports, Supports::inconclusive);
  for (const double score : {-100.0, 100.0}) {
    EXPECT_TRUE(
        ratio(score).verbal.starts_with("inconclusive: a group of references is too small"));
  }
}

TEST_F(EstimateTest, ThresholdsBeyondOneDoNotTurnARatioRound) {
  calibration_.abstention = AbstentionRange{-1.5, -1.0};
  EXPECT_EQ(ratio(0.5).supports, Supports::inconclusive) << "-0.5 is over -1, and no camera's";
}

TEST_F(EstimateTest, WithoutAWordForItARatioIsInconclusive) {
  calibration_.abstention.reset();
  EXPECT_EQ(ratio(0).supports, Supports::inconclusive) << "10^0.25 is under 2";
  EXPECT_TRUE(ratio(0).verbal.starts_with("inconclusive: no support"));
  EXPECT_EQ(ratio(-0.1).supports, Supports::camera) << "10^0.4 is over 2";
}

TEST_F(EstimateTest, WhatHasNoScoreIsNotAssessable) {
  const auto found = estimate({std::nullopt, "too small", kLargeLight, {}}, calibration_.detector,
                              &calibration_, kToday);
  EXPECT_EQ(std::get<NotAssessable>(found.outcome).why, "too small");
  for (const double score :
       {std::numeric_limits<double>::quiet_NaN(), -std::numeric_limits<double>::infinity()}) {
    EXPECT_TRUE(std::holds_alternative<NotAssessable>(of_score(score).outcome));
  }
}

TEST_F(EstimateTest, WithoutACalibrationThereAreCuesOnly) {
  const auto found =
      estimate({0.5, "", kLargeLight, {{"peaks", 3.5}}}, calibration_.detector, nullptr, kToday);
  EXPECT_EQ(codes_of(found), Codes{"no_calibration"});
  EXPECT_EQ(found.cues.size(), 1u);
}

TEST_F(EstimateTest, ACalibrationOfAnotherModelOrPreprocessingIsNotUsed) {
  const Assessment assessment = {0.5, "", kLargeLight, {}};
  DetectorIdentity other = calibration_.detector;
  other.model = digest_for_test(0x99);
  EXPECT_EQ(codes_of(estimate(assessment, other, &calibration_, kToday)),
            Codes{"calibration_of_other_model"});
  other = calibration_.detector;
  other.preprocessing = digest_for_test(0x99);
  EXPECT_EQ(codes_of(estimate(assessment, other, &calibration_, kToday)),
            Codes{"calibration_of_other_preprocessing"});
  other = calibration_.detector;
  other.name = "renamed";
  EXPECT_EQ(codes_of(estimate(assessment, other, &calibration_, kToday)), Codes{});
}

TEST_F(EstimateTest, BehindAClosedGateThereAreCuesOnly) {
  calibration_.equalised->cllr = 0.98;
  EXPECT_EQ(codes_of(of_score(-100)), Codes{"cllr_too_high"});
  const auto strong = estimate({0.5, "", kSmallStrong, {}}, calibration_.detector, &calibration_,
                               calibration_.expires);
  EXPECT_EQ(codes_of(strong), (Codes{"cllr_too_high", "expired", "stratum_too_small"}));
}

TEST_F(EstimateTest, ALongPopulationIsCut) {
  ReferencePopulation population;
  for (char c = 'a'; c <= 'j'; ++c) population.generators.push_back({std::string(1, c), 2});
  population.generators.back().pictures = 3;
  EXPECT_EQ(describe(population),
            "sources: not stated; generators: j 3, a 2, b 2, c 2, d 2, e 2, f 2, g 2, 2 more; "
            "camera makers: not stated");
}

}  // namespace
}  // namespace safelight::synthesis
