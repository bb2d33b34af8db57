#include "safelight/synthesis/likelihood/fit/standardised_logistic.h"

#include <gtest/gtest.h>
#include <vector>

#include "safelight/synthesis/likelihood/normal_for_test.h"

namespace safelight::synthesis {
namespace {

TEST(StandardisedLogistic, UnitsOfTheFeaturesChangeNothing) {
  Random random(3);
  std::vector<double> features = normal_values(400, 0, random);
  std::vector<Proposition> labels;
  for (size_t row = 0; row < 200; ++row) {
    labels.push_back(row % 2 == 0 ? Proposition::camera : Proposition::generated);
    if (row % 2 == 1) features[2 * row] += 2;
  }
  std::vector<double> in_other_units = features;
  for (size_t row = 0; row < 200; ++row) {
    in_other_units[2 * row] = 1000 * in_other_units[2 * row] - 5;
  }
  const auto model = fit_standardised_logistic({features, 2, labels, {}}, {});
  const auto other = fit_standardised_logistic({in_other_units, 2, labels, {}}, {});
  ASSERT_TRUE(model);
  ASSERT_TRUE(other);
  for (size_t row = 0; row < 200; ++row) {
    EXPECT_NEAR(model->log_odds(std::span(features).subspan(2 * row, 2)),
                other->log_odds(std::span(in_other_units).subspan(2 * row, 2)), 1e-9);
  }
  EXPECT_GT(model->log_odds(std::vector{3.0, 0.0}), 0);
  EXPECT_LT(model->log_odds(std::vector{-2.0, 0.0}), 0);
}

TEST(StandardisedLogistic, WhatCannotBeFittedIsRefused) {
  const std::vector<double> features = {1, 2};
  const std::vector<Proposition> labels = {Proposition::camera, Proposition::camera};
  EXPECT_FALSE(fit_standardised_logistic({features, 1, labels, {}}, {}));
}

}  // namespace
}  // namespace safelight::synthesis
