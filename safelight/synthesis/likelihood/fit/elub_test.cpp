#include "safelight/synthesis/likelihood/fit/elub.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "safelight/synthesis/likelihood/breath_set_for_test.h"
#include "safelight/synthesis/likelihood/fit/logistic_calibration.h"
#include "safelight/synthesis/likelihood/normal_for_test.h"

namespace safelight::synthesis {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Bounds as ratios; the values of lir's tests have seven digits.
void expect_bounds(const TwoClassValues& log10_lr, double lower, double upper) {
  const auto bounds = elub(log10_lr);
  ASSERT_TRUE(bounds);
  EXPECT_NEAR(std::pow(10, bounds->lower_log10), lower, 1e-7);
  EXPECT_NEAR(std::pow(10, bounds->upper_log10), upper, 1e-7);
}

TEST(Elub, AgreesWithLir) {
  expect_bounds(breath_set(1000), 0.1122018, 79.4328235);
  expect_bounds({{kInfinity, kInfinity, kInfinity}, {-kInfinity, -kInfinity, -kInfinity}},
                0.3388442, 2.9512092);
  expect_bounds(log10_of({1, 10, 100}, {0.01, 0.1}), 0.3801894, 1.4791084);
  expect_bounds(log10_of({10, 100}, {0.01, 0.1, 1}), 0.6760830, 2.6302680);
  expect_bounds(log10_of({0.01, 0.1, 1}, {10, 100}), 1, 1);
  expect_bounds({{kInfinity}, {-kInfinity}}, 1, 1);
  expect_bounds({{0}, {0}}, 1, 1);
}

TEST(Elub, ABiasedSystemSupportsNothing) {
  expect_bounds({std::vector<double>(9, 1), {1}}, 1, 1);
  expect_bounds({std::vector<double>(10, 1), {0}}, 1, 1.7782794);
  expect_bounds({std::vector<double>(10, 3), {std::log10(1.1)}}, 1, 1);
}

TEST(Elub, NeverGoesBeyondWhatTheNumberOfPicturesSupports) {
  for (const size_t n : {1u, 5u, 20u, 100u, 1000u}) {
    const TwoClassValues perfect{std::vector<double>(n, kInfinity),
                                 std::vector<double>(n, -kInfinity)};
    const auto bounds = elub(perfect);
    ASSERT_TRUE(bounds);
    const double most = std::log10(static_cast<double>(n + 1)) + 0.01;
    EXPECT_LE(bounds->upper_log10, most);
    EXPECT_GE(bounds->lower_log10, -most);
  }
}

TEST(Elub, ScoresThatSayNothingGiveNoRatioThatSaysMuch) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    const TwoClassValues scores{normal_values(100, 0, random), normal_values(100, 0, random)};
    const auto calibration = fit_logistic_calibration(scores);
    ASSERT_TRUE(calibration);
    TwoClassValues log10_lr;
    for (const double s : scores.camera) log10_lr.camera.push_back(calibration->log10_lr(s));
    for (const double s : scores.generated) log10_lr.generated.push_back(calibration->log10_lr(s));
    const auto bounds = elub(log10_lr);
    ASSERT_TRUE(bounds);
    EXPECT_LT(bounds->upper_log10, 0.5);
    EXPECT_GT(bounds->lower_log10, -0.5);
  }
}

TEST(Elub, BoundsARatioOnBothSides) {
  const LrBounds bounds{-1, 2};
  EXPECT_EQ(bounds.bounded(-kInfinity), -1);
  EXPECT_EQ(bounds.bounded(0.5), 0.5);
  EXPECT_EQ(bounds.bounded(3), 2);
}

TEST(Elub, RefusesNanAndOneClass) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto& values :
       {TwoClassValues{{1}, {}}, TwoClassValues{{}, {1}}, TwoClassValues{{1}, {nan}}}) {
    const auto bounds = elub(values);
    ASSERT_FALSE(bounds);
    EXPECT_EQ(bounds.error(), (Error{ErrorCode::malformed, "elub.values"}));
  }
}

}  // namespace
}  // namespace safelight::synthesis
