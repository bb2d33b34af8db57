#include "safelight/synthesis/likelihood/measures/posterior_quality.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "safelight/synthesis/likelihood/breath_set_for_test.h"
#include "safelight/synthesis/likelihood/normal_for_test.h"

namespace safelight::synthesis {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(PosteriorQuality, RatiosOfOneHaveABrierScoreOfAQuarterAndNoCalibrationError) {
  const TwoClassValues neutral{{0, 0, 0}, {0}};
  EXPECT_EQ(brier_score(neutral), 0.25);
  EXPECT_NEAR(expected_calibration_error(neutral), 0, 1e-15);
}

TEST(PosteriorQuality, PerfectAndWhollyWrongRatiosAreTheEnds) {
  const TwoClassValues perfect{{kInfinity}, {-kInfinity}};
  EXPECT_EQ(brier_score(perfect), 0);
  EXPECT_EQ(expected_calibration_error(perfect), 0);
  const TwoClassValues wrong{{-kInfinity}, {kInfinity}};
  EXPECT_EQ(brier_score(wrong), 1);
  EXPECT_EQ(expected_calibration_error(wrong), 1);
}

TEST(PosteriorQuality, FollowsItsDefinitionsOnASmallSet) {
  // Posteriors 0.75 and 0.5 of camera pictures, 0.25, 0.25, 0.75, 0.2 of generated ones.
  const auto values = log10_of({3, 1}, {1.0 / 3, 1.0 / 3, 3, 0.25});
  EXPECT_NEAR(brier_score(values), (0.0625 + 0.25) / 4 + (0.0625 + 0.0625 + 0.5625 + 0.04) / 8,
              1e-12);
  const auto bins = reliability_bins(values);
  ASSERT_EQ(bins.size(), 10);
  EXPECT_EQ(bins[2].generated, 3);
  EXPECT_NEAR(bins[2].weight, 0.375, 1e-12);
  EXPECT_NEAR(bins[2].mean_posterior, 0.7 / 3, 1e-12);
  EXPECT_EQ(bins[2].camera_share, 0);
  EXPECT_EQ(bins[7].camera, 1);
  EXPECT_EQ(bins[7].generated, 1);
  EXPECT_NEAR(bins[7].camera_share, 2.0 / 3, 1e-12);
  EXPECT_TRUE(std::isnan(bins[0].mean_posterior));
  EXPECT_NEAR(expected_calibration_error(values),
              0.375 * (0.7 / 3) + 0.25 * 0.5 + 0.375 * (0.75 - 2.0 / 3), 1e-12);
}

TEST(PosteriorQuality, WeightsOfTheBinsSumToOneAndAPosteriorOfOneIsInTheLast) {
  Random random(3);
  TwoClassValues values{normal_values(70, 0.3, random), normal_values(30, -0.3, random)};
  values.camera.push_back(kInfinity);
  double sum = 0;
  for (const auto& bin : reliability_bins(values)) sum += bin.weight;
  EXPECT_NEAR(sum, 1, 1e-12);
  EXPECT_GE(reliability_bins(values).back().camera, 1);
}

TEST(PosteriorQuality, CalibratedRatiosHaveASmallErrorAndExaggeratedOnesALargeOne) {
  Random random(5);
  TwoClassValues values{normal_values(20'000, 0, random), normal_values(5'000, 0, random)};
  for (double& value : values.camera) value = (2 + 2 * value) / std::log(10);
  for (double& value : values.generated) value = (-2 + 2 * value) / std::log(10);
  EXPECT_LT(expected_calibration_error(values), 0.02);
  for (auto* of_class : {&values.camera, &values.generated}) {
    for (double& value : *of_class) value *= 4;
  }
  EXPECT_GT(expected_calibration_error(values), 0.08);
}

TEST(PosteriorQuality, IsNanOrEmptyForNanAndForAnEmptyClass) {
  for (const auto& values :
       {TwoClassValues{{}, {1}}, TwoClassValues{{1}, {}}, TwoClassValues{{1, std::nan("")}, {1}}}) {
    EXPECT_TRUE(std::isnan(brier_score(values)));
    EXPECT_TRUE(std::isnan(expected_calibration_error(values)));
    EXPECT_TRUE(reliability_bins(values).empty());
  }
}

}  // namespace
}  // namespace safelight::synthesis
