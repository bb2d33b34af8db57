#include "safelight/synthesis/likelihood/fit/logistic_regression.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

#include "safelight/synthesis/likelihood/normal_for_test.h"

namespace safelight::synthesis {
namespace {

constexpr auto kCamera = Proposition::camera;
constexpr auto kGenerated = Proposition::generated;

struct Rows {
  std::vector<double> features;
  size_t feature_count = 1;
  std::vector<Proposition> labels;
  std::vector<double> weights;
  operator LabelledRows() const { return {features, feature_count, labels, weights}; }  // NOLINT
};

/// Labels drawn by the model itself, so that it can be found again.
Rows drawn_rows(size_t count, double intercept, const std::vector<double>& coefficients,
                uint64_t seed) {
  Random random(seed);
  Rows rows;
  rows.feature_count = coefficients.size();
  for (size_t row = 0; row < count; ++row) {
    const auto values = normal_values(coefficients.size(), 0, random);
    double z = intercept;
    for (size_t i = 0; i < values.size(); ++i) z += coefficients[i] * values[i];
    rows.features.insert(rows.features.end(), values.begin(), values.end());
    rows.labels.push_back(random.unit() < 1 / (1 + std::exp(-z)) ? kGenerated : kCamera);
  }
  return rows;
}

/// The gradient of the penalised loss, written plainly: zero at the minimum and nowhere else.
std::vector<double> gradient_at(const LogisticModel& model, const Rows& rows,
                                const LogisticOptions& options) {
  double of_class[2] = {0, 0};
  const auto weight = [&](size_t row) { return rows.weights.empty() ? 1 : rows.weights[row]; };
  for (size_t row = 0; row < rows.labels.size(); ++row) {
    of_class[static_cast<size_t>(rows.labels[row])] += weight(row);
  }
  std::vector<double> gradient(rows.feature_count + 1, 0);
  for (size_t row = 0; row < rows.labels.size(); ++row) {
    const std::vector<double> values(
        rows.features.begin() + static_cast<ptrdiff_t>(row * rows.feature_count),
        rows.features.begin() + static_cast<ptrdiff_t>((row + 1) * rows.feature_count));
    double counts = weight(row);
    if (options.balance == ClassBalance::equal) {
      counts *= (of_class[0] + of_class[1]) / (2 * of_class[static_cast<size_t>(rows.labels[row])]);
    }
    const double off = counts * (1 / (1 + std::exp(-model.log_odds(values))) -
                                 (rows.labels[row] == kGenerated ? 1 : 0));
    gradient[0] += off;
    for (size_t i = 0; i < values.size(); ++i) gradient[i + 1] += off * values[i];
  }
  for (size_t i = 0; i < rows.feature_count; ++i) {
    gradient[i + 1] += options.penalty * model.coefficients[i];
  }
  return gradient;
}

TEST(LogisticRegression, TheGradientIsZeroAtTheMinimum) {
  for (const auto balance : {ClassBalance::as_weighted, ClassBalance::equal}) {
    for (const double penalty : {1e-3, 1.0, 100.0}) {
      Rows rows = drawn_rows(200, -1, {1, -2, 0.5}, 3);
      Random random(4);
      for (size_t row = 0; row < rows.labels.size(); ++row) rows.weights.push_back(random.unit());
      const LogisticOptions options{penalty, balance};
      const auto model = fit_logistic(rows, options);
      ASSERT_TRUE(model);
      for (const double part : gradient_at(*model, rows, options)) EXPECT_NEAR(part, 0, 1e-9);
    }
  }
}

TEST(LogisticRegression, FindsTheModelThatDrewTheLabels) {
  const Rows rows = drawn_rows(20'000, -0.5, {1, -2}, 1);
  const auto model = fit_logistic(rows, {1e-6, ClassBalance::as_weighted});
  ASSERT_TRUE(model);
  // Four standard errors, from the inverse of the matrix of second derivatives.
  EXPECT_NEAR(model->intercept, -0.5, 0.09);
  EXPECT_NEAR(model->coefficients[0], 1, 0.1);
  EXPECT_NEAR(model->coefficients[1], -2, 0.14);
}

TEST(LogisticRegression, OneFeatureOfTwoValuesGivesTheLogOddsOfTheCounts) {
  // 1 of 4 generated at 0, 2 of 3 generated at 1.
  Rows rows;
  rows.features = {0, 0, 0, 0, 1, 1, 1};
  rows.labels = {kCamera, kCamera, kCamera, kGenerated, kCamera, kGenerated, kGenerated};
  const auto model = fit_logistic(rows, {1e-9, ClassBalance::as_weighted});
  ASSERT_TRUE(model);
  EXPECT_NEAR(model->intercept, std::log(1.0 / 3), 1e-7);
  EXPECT_NEAR(model->intercept + model->coefficients[0], std::log(2.0), 1e-7);
  const auto balanced = fit_logistic(rows, {1e-9, ClassBalance::equal});
  ASSERT_TRUE(balanced);
  EXPECT_NEAR(balanced->intercept, std::log((1.0 / 3) / (3.0 / 4)), 1e-7);
}

TEST(LogisticRegression, AWeightOfTwoIsARowTwice) {
  Rows twice = drawn_rows(50, 0, {1}, 9);
  Rows weighted = twice;
  weighted.weights.assign(50, 1);
  weighted.weights[7] = 2;
  twice.features.push_back(twice.features[7]);
  twice.labels.push_back(twice.labels[7]);
  const auto a = fit_logistic(twice, {});
  const auto b = fit_logistic(weighted, {});
  ASSERT_TRUE(a && b);
  EXPECT_NEAR(a->intercept, b->intercept, 1e-10);
  EXPECT_NEAR(a->coefficients[0], b->coefficients[0], 1e-10);
}

TEST(LogisticRegression, ConvergesOnSeparableRowsAtAnyScale) {
  for (const double scale : {1e-6, 1.0, 1e6}) {
    for (const double penalty : {1e-8, 1e-3, 1.0}) {
      Rows rows;
      for (int i = 1; i <= 20; ++i) {
        rows.features.push_back(scale * i);
        rows.labels.push_back(i <= 10 ? kCamera : kGenerated);
      }
      const LogisticOptions options{penalty, ClassBalance::equal};
      const auto model = fit_logistic(rows, options);
      ASSERT_TRUE(model) << scale << " " << penalty;
      EXPECT_GE(model->coefficients[0], 0);
      EXPECT_TRUE(std::isfinite(model->coefficients[0]));
    }
  }
}

TEST(LogisticRegression, ManyFeaturesAndCopiesOfFeaturesConverge) {
  std::vector<double> truth(60, 0);
  truth[3] = 1;
  Rows rows = drawn_rows(300, 0, truth, 5);
  for (size_t row = 0; row < 300; ++row) rows.features[row * 60 + 4] = rows.features[row * 60 + 3];
  const auto model = fit_logistic(rows, {});
  ASSERT_TRUE(model);
  EXPECT_NEAR(model->coefficients[3], model->coefficients[4], 1e-9);
}

TEST(LogisticRegression, TheSameRowsGiveTheSameBits) {
  const Rows rows = drawn_rows(500, 0.3, {1, 1, -1}, 12);
  const auto a = fit_logistic(rows, {});
  const auto b = fit_logistic(rows, {});
  ASSERT_TRUE(a && b);
  EXPECT_EQ(*a, *b);
}

TEST(LogisticRegression, RefusesWhatCannotBeLearntFrom) {
  const auto error_of = [](const Rows& rows) {
    const auto model = fit_logistic(rows, {});
    return model ? Error{} : model.error();
  };
  Rows good = drawn_rows(20, 0, {1}, 2);

  Rows one_class = good;
  one_class.labels.assign(20, kCamera);
  EXPECT_EQ(error_of(one_class), (Error{ErrorCode::malformed, "logistic.one-class"}));
  EXPECT_EQ(error_of(Rows{}), (Error{ErrorCode::malformed, "logistic.one-class"}));

  Rows without_weight = good;
  for (const auto label : good.labels) without_weight.weights.push_back(label == kCamera ? 1 : 0);
  EXPECT_EQ(error_of(without_weight), (Error{ErrorCode::malformed, "logistic.one-class"}));

  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Rows feature = good;
    feature.features[11] = bad;
    EXPECT_EQ(error_of(feature), (Error{ErrorCode::malformed, "logistic.not-finite"}));
    Rows weight = good;
    weight.weights.assign(20, 1);
    weight.weights[4] = bad;
    EXPECT_EQ(error_of(weight), (Error{ErrorCode::malformed, "logistic.weight"}));
  }
  Rows negative = good;
  negative.weights.assign(20, 1);
  negative.weights[0] = -1;
  EXPECT_EQ(error_of(negative), (Error{ErrorCode::malformed, "logistic.weight"}));
}

}  // namespace
}  // namespace safelight::synthesis
