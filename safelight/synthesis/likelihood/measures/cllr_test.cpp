#include "safelight/synthesis/likelihood/measures/cllr.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "safelight/synthesis/likelihood/breath_set_for_test.h"
#include "safelight/synthesis/likelihood/fit/pav.h"
#include "safelight/synthesis/likelihood/normal_for_test.h"

namespace safelight::synthesis {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
/// The reference values have twelve digits or more.
constexpr double kExact = 1e-12;

double cllr_of(const std::vector<double>& generated_lr, const std::vector<double>& camera_lr) {
  return cllr(log10_of(camera_lr, generated_lr));
}

TEST(Cllr, AgreesWithReferenceValues) {
  EXPECT_NEAR(cllr_of({1, 1}, {1, 1}), 1, kExact);
  EXPECT_NEAR(cllr_of({3, 3}, {1.0 / 3, 1.0 / 3}), 2, kExact);
  EXPECT_NEAR(cllr_of({1.0 / 3, 1.0 / 3}, {3, 3}), 0.4150374992788437, kExact);
  EXPECT_NEAR(cllr_of({1.0 / 3, 1.0 / 3}, {1}), 0.7075187496394219, kExact);
  EXPECT_NEAR(cllr_of({2}, {2, 2}), 1.0849625007211563, kExact);
  EXPECT_NEAR(cllr_of({8}, {8, 8}), 1.6699250014423126, kExact);
}

TEST(Cllr, StrongMisleadingRatiosCostMuch) {
  std::vector<double> generated(100, 0.01);
  EXPECT_NEAR(cllr_of(generated, {1}), 0.507177646488535, kExact);
  const auto with_misleading = [&](size_t count) {
    std::vector<double> more = generated;
    more.insert(more.end(), count, 100);
    return cllr_of(more, {1});
  };
  EXPECT_NEAR(with_misleading(1), 0.5400680236656377, kExact);
  EXPECT_NEAR(with_misleading(2), 0.5723134914863265, kExact);
  EXPECT_NEAR(with_misleading(6), 0.6952113122368764, kExact);
}

TEST(Cllr, HasItsLimits) {
  EXPECT_EQ(cllr_of({0, 0}, {1, 1}), 0.5);
  EXPECT_EQ(cllr_of({1, 1}, {kInfinity, kInfinity}), 0.5);
  EXPECT_EQ(cllr_of({0, 0}, {kInfinity, kInfinity}), 0);
  EXPECT_EQ(cllr_of({kInfinity, 1}, {1, 1}), kInfinity);
  EXPECT_EQ(cllr_of({1, 1}, {0, 1}), kInfinity);
  EXPECT_TRUE(std::isfinite(cllr_of({1e-317}, {1e-317})));
  EXPECT_NEAR(cllr_of({1e-317}, {1}), 0.5, kExact);
}

TEST(Cllr, IsNanForNanAndForAnEmptyClass) {
  for (const auto& values : {TwoClassValues{{kNan}, {0}}, TwoClassValues{{0}, {0, kNan}},
                             TwoClassValues{{}, {0}}, TwoClassValues{{0}, {}}}) {
    EXPECT_TRUE(std::isnan(cllr(values)));
    EXPECT_TRUE(std::isnan(cllr_min(values)));
    EXPECT_TRUE(std::isnan(cllr_cal(values)));
    EXPECT_TRUE(std::isnan(empirical_cross_entropy(values, 0.1)));
  }
}

TEST(CllrMin, AgreesWithReferenceValues) {
  EXPECT_NEAR(cllr(breath_set(90)), 0.280745193589, kExact);
  EXPECT_NEAR(cllr_min(breath_set(90)), 0.280745193262, kExact);
  EXPECT_NEAR(cllr(breath_set(1000)), 0.291517545320, kExact);
  EXPECT_NEAR(cllr_min(breath_set(1000)), 0.280745193262, kExact);
  EXPECT_NEAR(cllr_cal(breath_set(1000)), 0.010772352058, kExact);

  const auto ten = log10_of({0.3, 0.9, 2, 6, 20}, {0.05, 0.2, 0.5, 0.8, 1.5});
  EXPECT_NEAR(cllr(ten), 0.715953521526, kExact);
  EXPECT_NEAR(cllr_min(ten), 0.475488750216, kExact);
  EXPECT_NEAR(cllr_cal(ten), 0.240464771310, kExact);
}

TEST(CllrMin, IsTheCllrOfTheTransformedValues) {
  Random random(6);
  const TwoClassValues values{normal_values(60, 0.5, random), normal_values(90, 0, random)};
  const auto pav = fit_pav(values);
  ASSERT_TRUE(pav);
  TwoClassValues transformed;
  for (const double v : values.camera) transformed.camera.push_back(pav->log10_lr(v));
  for (const double v : values.generated) transformed.generated.push_back(pav->log10_lr(v));
  EXPECT_NEAR(cllr_min(values), cllr(transformed), kExact);
  EXPECT_NEAR(cllr_cal(transformed), 0, kExact);
}

TEST(CllrMin, AnIncreasingChangeOfTheValuesChangesNothing) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    const TwoClassValues values{normal_values(30, 1, random), normal_values(50, 0, random)};
    TwoClassValues changed = values;
    for (auto* of_class : {&changed.camera, &changed.generated}) {
      for (double& value : *of_class) value = std::exp(value) * 1e6 - 3;
    }
    EXPECT_EQ(cllr_min(values), cllr_min(changed));
  }
}

TEST(CllrMin, LiesBetweenZeroAndTheLesserOfCllrAndOne) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    const TwoClassValues values{normal_values(1 + random.below(30), 0.3, random),
                                normal_values(1 + random.below(30), 0, random)};
    const double least = cllr_min(values);
    EXPECT_GE(least, 0);
    EXPECT_LE(least, 1 + kExact);
    EXPECT_LE(least, cllr(values) + kExact);
    EXPECT_GE(cllr_cal(values), 0);
  }
}

TEST(EmpiricalCrossEntropy, IsTheCllrAtAPriorOfOneHalf) {
  Random random(8);
  const TwoClassValues values{normal_values(30, 1, random), normal_values(50, 0, random)};
  EXPECT_NEAR(empirical_cross_entropy(values, 0.5), cllr(values), kExact);
}

TEST(EmpiricalCrossEntropy, RatiosOfOneCostTheEntropyOfThePrior) {
  const TwoClassValues neutral{{0, 0}, {0}};
  for (const double prior : {0.01, 0.3, 0.5, 0.9}) {
    const double entropy = -prior * std::log2(prior) - (1 - prior) * std::log2(1 - prior);
    EXPECT_NEAR(empirical_cross_entropy(neutral, prior), entropy, kExact);
  }
}

TEST(EmpiricalCrossEntropy, FollowsItsDefinition) {
  const auto values = log10_of({5, 0.5}, {0.2});
  const double prior = 0.2;
  const double odds = prior / (1 - prior);
  EXPECT_NEAR(empirical_cross_entropy(values, prior),
              prior * (std::log2(1 + 1 / (5 * odds)) + std::log2(1 + 1 / (0.5 * odds))) / 2 +
                  (1 - prior) * std::log2(1 + 0.2 * odds),
              kExact);
}

}  // namespace
}  // namespace safelight::synthesis
