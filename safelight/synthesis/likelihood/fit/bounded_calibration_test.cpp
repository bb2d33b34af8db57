#include "safelight/synthesis/likelihood/fit/bounded_calibration.h"

#include <cmath>
#include <gtest/gtest.h>

#include "safelight/synthesis/likelihood/normal_for_test.h"

namespace safelight::synthesis {
namespace {

TEST(BoundedCalibration, ClassesThatDoNotOverlapGiveNoMoreThanTheirNumberSupports) {
  Random random(1);
  const TwoClassValues scores = {normal_values(100, -50, random), normal_values(100, 50, random)};
  const auto calibration = fit_bounded_calibration(scores);
  ASSERT_TRUE(calibration);
  EXPECT_EQ(calibration->log10_lr(-50), calibration->bounds.upper_log10);
  EXPECT_EQ(calibration->log10_lr(1e9), calibration->bounds.lower_log10);
  EXPECT_GT(calibration->bounds.upper_log10, 1);
  EXPECT_LE(calibration->bounds.upper_log10, std::log10(101) + 0.01);
  EXPECT_GE(calibration->bounds.lower_log10, -std::log10(101) - 0.01);
}

TEST(BoundedCalibration, BetweenTheBoundsItIsTheLine) {
  Random random(2);
  const TwoClassValues scores = {normal_values(500, -1, random), normal_values(500, 1, random)};
  const auto calibration = fit_bounded_calibration(scores);
  ASSERT_TRUE(calibration);
  EXPECT_EQ(calibration->log10_lr(0.1), calibration->line.log10_lr(0.1));
}

TEST(BoundedCalibration, AClassWithoutAScoreIsRefused) {
  EXPECT_FALSE(fit_bounded_calibration(TwoClassValues{{1.0}, {}}));
}

}  // namespace
}  // namespace safelight::synthesis
