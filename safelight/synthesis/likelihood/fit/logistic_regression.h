#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/synthesis/likelihood/proposition.h"

namespace safelight::synthesis {

/// Rows to learn from: row r has the features [r * feature_count, (r + 1) * feature_count).
struct LabelledRows {
  std::span<const double> features;
  size_t feature_count = 1;
  std::span<const Proposition> labels;  ///< One a row.
  std::span<const double> weights;      ///< One a row, at least 0; empty: 1 each.
};

enum class ClassBalance : uint8_t {
  as_weighted,  ///< A class counts as much as its rows' weights.
  equal,        ///< Each class counts half of all weight, so that the log odds are a log LR.
};

struct LogisticOptions {
  /// Over 0: this times half the squared norm of the coefficients is added to the sum of the rows'
  /// losses (1 / C in the words of scikit-learn). The intercept is free.
  double penalty = 1;
  ClassBalance balance = ClassBalance::equal;
};

struct LogisticModel {
  double intercept = 0;
  std::vector<double> coefficients;

  /// Natural log odds of `generated` against `camera`: larger for H2, as a score is.
  [[nodiscard]] double log_odds(std::span<const double> row) const;
  friend bool operator==(const LogisticModel&, const LogisticModel&) = default;
};

/// The logistic regression with the least penalised loss, by Newton's method (iteratively
/// reweighted least squares; Hastie, Tibshirani and Friedman, The Elements of Statistical Learning,
/// 2nd ed., section 4.4.1) with a line search. The penalty is about each coefficient as it stands:
/// bring features to one scale first (standardisation.h). The same rows in the same order give the
/// same model. Time grows with rows * feature_count^2. Errors: malformed for a feature or weight
/// that is not finite, a weight under 0, or a class without weight; limit_exceeded if it has not
/// converged after 100 steps.
[[nodiscard]] Result<LogisticModel> fit_logistic(const LabelledRows& rows,
                                                 const LogisticOptions& options);

}  // namespace safelight::synthesis
