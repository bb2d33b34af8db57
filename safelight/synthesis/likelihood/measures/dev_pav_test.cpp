#include "safelight/synthesis/likelihood/measures/dev_pav.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "safelight/synthesis/likelihood/breath_set_for_test.h"
#include "safelight/synthesis/likelihood/normal_for_test.h"

namespace safelight::synthesis {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kExact = 1e-12;

double dev_pav_of(const std::vector<double>& generated_lr, const std::vector<double>& camera_lr) {
  return dev_pav(log10_of(camera_lr, generated_lr));
}

TEST(DevPav, AgreesWithReferenceValues) {
  EXPECT_NEAR(dev_pav_of({1}, {1}), 0, kExact);
  EXPECT_NEAR(dev_pav_of({2, 2, 2, 2, 2}, {2, 2, 2, 2, 2}), std::log10(2), kExact);
  EXPECT_NEAR(dev_pav_of({5, .2, .2, .2}, {5, 5, 5, .2}), (std::log10(5) - std::log10(3)) / 2,
              kExact);
  EXPECT_NEAR(dev_pav_of({.01, 10}, {.1, 100}), 0.5, kExact);
}

TEST(DevPav, AgreesWithASumOverAFineGrid) {
  // Blocks of 0, 0.5 and 1.5 log10 units; the transform between them is the straight line.
  const auto values = log10_of({1, 1, 30, 300}, {1, 30, 0.01, 0.3});
  // PAV: 0.01 and 0.3 infinite; at 1 two to one; at 30 one to one, pooled to 3/4 : 2/4; 300
  // infinite.
  const double level = std::log10(1.5);
  double sum = 0;
  const int steps = 200'000;
  for (int i = 0; i < steps; ++i) {
    sum += std::abs(level - std::log10(30) * (i + 0.5) / steps);
  }
  EXPECT_NEAR(dev_pav(values), sum / steps, 1e-9);
}

TEST(DevPav, IsInfiniteWhereAnInfiniteRatioMisleads) {
  EXPECT_EQ(dev_pav_of({1, kInfinity}, {1, kInfinity}), kInfinity);
  EXPECT_EQ(dev_pav_of({1, 0}, {0, 1}), kInfinity);
}

TEST(DevPav, IsNanWhereClassesDoNotOverlapOrOneIsEmpty) {
  EXPECT_TRUE(std::isnan(dev_pav_of({0.1, 0.2}, {3, 4})));
  EXPECT_TRUE(std::isnan(dev_pav_of({}, {3, 4})));
  EXPECT_TRUE(std::isnan(dev_pav_of({0.1}, {})));
  EXPECT_TRUE(std::isnan(dev_pav_of({std::nan("")}, {1})));
}

TEST(DevPav, IsSmallForCalibratedRatiosAndLargerForExaggeratedOnes) {
  // Of natural log LRs that are N(2, 2^2) under H1 and N(-2, 2^2) under H2 each is its own LR.
  Random random(11);
  TwoClassValues calibrated{normal_values(20'000, 0, random), normal_values(20'000, 0, random)};
  for (double& value : calibrated.camera) value = (2 + 2 * value) / std::log(10);
  for (double& value : calibrated.generated) value = (-2 + 2 * value) / std::log(10);
  TwoClassValues exaggerated = calibrated;
  for (double& value : exaggerated.camera) value *= 2;
  for (double& value : exaggerated.generated) value *= 2;
  EXPECT_LT(dev_pav(calibrated), 0.15);
  EXPECT_GT(dev_pav(exaggerated), 0.5);
}

}  // namespace
}  // namespace safelight::synthesis
