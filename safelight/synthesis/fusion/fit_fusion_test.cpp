#include "safelight/synthesis/fusion/fit_fusion.h"

#include <array>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "safelight/synthesis/likelihood/measures/cllr.h"
#include "safelight/synthesis/likelihood/normal_for_test.h"

namespace safelight::synthesis {
namespace {

const std::array<DetectorIdentity, 2> kDetectors = {{{"a", {}, {}}, {"b", {}, {}}}};

/// Scores of two detectors of `count` pictures a class: means `first` and `second` apart, and
/// `shared` of both errors in common.
struct Drawn {
  std::vector<double> scores;
  std::vector<Proposition> labels;
};

Drawn drawn(size_t count, double first, double second, double shared, uint64_t seed) {
  Random random(seed);
  const auto common = normal_values(2 * count, 0, random);
  const auto of_first = normal_values(2 * count, 0, random);
  const auto of_second = normal_values(2 * count, 0, random);
  Drawn out;
  for (size_t i = 0; i < 2 * count; ++i) {
    const bool is_generated = i % 2 == 1;
    out.labels.push_back(is_generated ? Proposition::generated : Proposition::camera);
    const auto error = [&](double own) {
      return std::sqrt(shared) * common[i] + std::sqrt(1 - shared) * own;
    };
    out.scores.push_back((is_generated ? first : 0) + error(of_first[i]));
    out.scores.push_back((is_generated ? second : 0) + error(of_second[i]));
  }
  return out;
}

double cost_of(const Fusion& fusion, const Drawn& drawn) {
  std::vector<double> log10_lrs;
  for (size_t row = 0; row < drawn.labels.size(); ++row) {
    log10_lrs.push_back(-fusion.score(std::span(drawn.scores).subspan(2 * row, 2)));
  }
  return cllr(by_class(log10_lrs, drawn.labels));
}

double cost_alone(const Fusion& fusion, size_t member, const Drawn& drawn) {
  std::vector<double> log10_lrs;
  for (size_t row = 0; row < drawn.labels.size(); ++row) {
    log10_lrs.push_back(
        fusion.members[member].calibration.log10_lr(drawn.scores[2 * row + member]));
  }
  return cllr(by_class(log10_lrs, drawn.labels));
}

TEST(FitFusion, IndependentDetectorsAreMultiplied) {
  const Drawn known = drawn(4000, 1.5, 1.5, 0, 1);
  const auto fusion = fit_fusion(kDetectors, {known.scores, known.labels});
  ASSERT_TRUE(fusion);
  EXPECT_NEAR(fusion->members[0].weight, 1, 0.1);
  EXPECT_NEAR(fusion->members[1].weight, 1, 0.1);
  EXPECT_NEAR(fusion->offset, 0, 0.05);
  const Drawn fresh = drawn(4000, 1.5, 1.5, 0, 2);
  EXPECT_LT(cost_of(*fusion, fresh), cost_alone(*fusion, 0, fresh) - 0.1);
}

TEST(FitFusion, WhatTwoDetectorsShareCountsOnce) {
  const Drawn known = drawn(4000, 1.5, 1.5, 1, 1);  // The same scores twice.
  const auto fusion = fit_fusion(kDetectors, {known.scores, known.labels});
  ASSERT_TRUE(fusion);
  EXPECT_NEAR(fusion->members[0].weight, 0.5, 0.05);
  EXPECT_NEAR(fusion->members[1].weight, 0.5, 0.05);
  const Drawn fresh = drawn(4000, 1.5, 1.5, 1, 2);
  EXPECT_NEAR(cost_of(*fusion, fresh), cost_alone(*fusion, 0, fresh), 0.01);
}

TEST(FitFusion, ADetectorThatGuessesHasNoWeight) {
  const Drawn known = drawn(4000, 2, 0, 0, 1);
  const auto fusion = fit_fusion(kDetectors, {known.scores, known.labels});
  ASSERT_TRUE(fusion);
  // The ratios of a guess are near to 1 whatever their weight.
  const double least = fusion->score(std::array{0.0, -3.0});
  const double most = fusion->score(std::array{0.0, 3.0});
  EXPECT_LT(std::abs(most - least), 0.2);
}

TEST(FitFusion, AFileHoldsEveryNumberToTheLastDigit) {
  const Drawn known = drawn(100, 1.5, 1, 0.3, 3);
  const auto fusion = fit_fusion(kDetectors, {known.scores, known.labels});
  ASSERT_TRUE(fusion);
  EXPECT_EQ(std::stod(std::to_string(fusion->members[0].calibration.bounds.upper_log10)),
            fusion->members[0].calibration.bounds.upper_log10);
}

TEST(FitFusion, AClassWithoutAReferenceOrAScoreThatIsNoNumberIsRefused) {
  Drawn known = drawn(20, 1, 1, 0, 1);
  const std::vector<Proposition> one_class(known.labels.size(), Proposition::camera);
  EXPECT_FALSE(fit_fusion(kDetectors, {known.scores, one_class}));
  known.scores[3] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(fit_fusion(kDetectors, {known.scores, known.labels}));
  EXPECT_FALSE(fit_fusion(kDetectors, {}));
}

}  // namespace
}  // namespace safelight::synthesis
