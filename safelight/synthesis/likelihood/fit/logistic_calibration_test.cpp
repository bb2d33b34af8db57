#include "safelight/synthesis/likelihood/fit/logistic_calibration.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <numbers>

#include "safelight/synthesis/likelihood/normal_for_test.h"

namespace safelight::synthesis {
namespace {

TEST(LogisticCalibration, FindsTheRatioOfTwoNormalDistributions) {
  // Of N(-1, 1) and N(1, 1) the natural log LR for the first at s is -2 s. Five times as many of
  // one class must not shift it.
  Random random(1);
  const TwoClassValues scores{normal_values(50'000, -1, random), normal_values(10'000, 1, random)};
  const auto calibration = fit_logistic_calibration(scores);
  ASSERT_TRUE(calibration);
  EXPECT_NEAR(calibration->offset, 0, 0.03);
  EXPECT_NEAR(calibration->slope, -2 / std::numbers::ln10, 0.03);
  EXPECT_EQ(calibration->direction(), ScoreDirection::as_declared);
}

TEST(LogisticCalibration, ShiftAndUnitOfTheScoreDoNotMatter) {
  Random random(2);
  const TwoClassValues scores{normal_values(100, -1, random), normal_values(80, 1, random)};
  TwoClassValues moved = scores;
  for (auto* values : {&moved.camera, &moved.generated}) {
    for (double& score : *values) score = 1000 + 0.001 * score;
  }
  const auto a = fit_logistic_calibration(scores);
  const auto b = fit_logistic_calibration(moved);
  ASSERT_TRUE(a && b);
  for (const double score : {-2.0, 0.0, 3.0}) {
    EXPECT_NEAR(a->log10_lr(score), b->log10_lr(1000 + 0.001 * score), 1e-8);
  }
}

TEST(LogisticCalibration, ClassesThatDoNotOverlapGiveAFiniteRatio) {
  const TwoClassValues scores{{0, 0.1, 0.2}, {0.8, 0.9, 1}};
  const auto calibration = fit_logistic_calibration(scores);
  ASSERT_TRUE(calibration);
  EXPECT_EQ(calibration->direction(), ScoreDirection::as_declared);
  EXPECT_GT(calibration->log10_lr(0), 0.1);
  EXPECT_LT(calibration->log10_lr(0), 2);
  EXPECT_NEAR(calibration->log10_lr(0.5), 0, 1e-9);
}

TEST(LogisticCalibration, AScoreThatPointsTheWrongWayIsSeen) {
  const TwoClassValues scores{{0.8, 0.9, 1}, {0, 0.1, 0.2}};
  const auto calibration = fit_logistic_calibration(scores);
  ASSERT_TRUE(calibration);
  EXPECT_EQ(calibration->direction(), ScoreDirection::reversed);
}

TEST(LogisticCalibration, AConstantScoreGivesARatioOfOne) {
  const TwoClassValues scores{{0.1, 0.1, 0.1}, {0.1, 0.1}};
  const auto calibration = fit_logistic_calibration(scores);
  ASSERT_TRUE(calibration);
  EXPECT_NEAR(calibration->slope, 0, 1e-12);
  EXPECT_NEAR(calibration->log10_lr(0.1), 0, 1e-12);
}

TEST(LogisticCalibration, RefusesWhatCannotBeCalibrated) {
  const auto error_of = [](const TwoClassValues& scores) {
    const auto calibration = fit_logistic_calibration(scores);
    return calibration ? Error{} : calibration.error();
  };
  EXPECT_EQ(error_of({{1}, {}}), (Error{ErrorCode::malformed, "calibration.one-class"}));
  EXPECT_EQ(error_of({{}, {1}}), (Error{ErrorCode::malformed, "calibration.one-class"}));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(error_of({{1, nan}, {1}}), (Error{ErrorCode::malformed, "standardisation.not-finite"}));
}

}  // namespace
}  // namespace safelight::synthesis
