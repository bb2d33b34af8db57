#include "safelight/synthesis/likelihood/fit/logistic_regression.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace safelight::synthesis {
namespace {

constexpr int kMaxSteps = 100;
constexpr int kMaxHalvings = 60;
/// Of Newton's decrement, as a share of all weight. Convergence is quadratic, and the step that the
/// decrement belongs to is still taken: what is left is far under the rounding.
constexpr double kConverged = 1e-11;

constexpr Error kNoConvergence{ErrorCode::limit_exceeded, "logistic.no-convergence"};

/// log(1 + exp(z)), without overflow.
double softplus(double z) { return std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z))); }

double logistic(double z) {
  const double e = std::exp(-std::abs(z));
  return (z >= 0 ? 1 : e) / (1 + e);
}

double at_generated(Proposition label) { return label == Proposition::generated ? 1 : 0; }

/// Solves A x = b by Cholesky's factorisation; `a` holds the lower triangle of the symmetric A, row
/// by row, and is overwritten; `b` becomes x. False where A is not positive definite.
bool solve(std::vector<double>& a, std::vector<double>& b) {
  const size_t n = b.size();
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j <= i; ++j) {
      double sum = a[i * n + j];
      for (size_t k = 0; k < j; ++k) sum -= a[i * n + k] * a[j * n + k];
      if (i != j) {
        a[i * n + j] = sum / a[j * n + j];
      } else if (sum > 0 && std::isfinite(sum)) {
        a[i * n + i] = std::sqrt(sum);
      } else {
        return false;
      }
    }
  }
  for (size_t i = 0; i < n; ++i) {
    for (size_t k = 0; k < i; ++k) b[i] -= a[i * n + k] * b[k];
    b[i] /= a[i * n + i];
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t k = i + 1; k < n; ++k) b[i] -= a[k * n + i] * b[k];
    b[i] /= a[i * n + i];
  }
  return true;
}

/// The penalised loss of a model: parameter 0 is the intercept, i + 1 the coefficient of feature i.
class PenalisedLoss {
 public:
  PenalisedLoss(const LabelledRows& rows, std::vector<double> weights, double penalty)
      : rows_(rows), weights_(std::move(weights)), penalty_(penalty) {}

  [[nodiscard]] double at(std::span<const double> parameters) const {
    double loss = 0;
    for (size_t row = 0; row < weights_.size(); ++row) {
      const double z = log_odds(parameters, row);
      loss += weights_[row] * (softplus(z) - at_generated(rows_.labels[row]) * z);
    }
    double squares = 0;
    for (const double coefficient : parameters.subspan(1)) squares += coefficient * coefficient;
    return loss + penalty_ / 2 * squares;
  }

  /// The gradient, and the lower triangle of the matrix of second derivatives, row by row.
  void derivatives(std::span<const double> parameters, std::vector<double>& gradient,
                   std::vector<double>& hessian) const {
    const size_t n = parameters.size();
    gradient.assign(n, 0);
    hessian.assign(n * n, 0);
    std::vector<double> extended(n, 1);
    for (size_t row = 0; row < weights_.size(); ++row) {
      std::ranges::copy(features(row), extended.begin() + 1);
      const double p = logistic(log_odds(parameters, row));
      const double slope = weights_[row] * (p - at_generated(rows_.labels[row]));
      const double bend = weights_[row] * p * (1 - p);
      for (size_t i = 0; i < n; ++i) {
        gradient[i] += slope * extended[i];
        const double bend_i = bend * extended[i];
        for (size_t j = 0; j <= i; ++j) hessian[i * n + j] += bend_i * extended[j];
      }
    }
    for (size_t i = 1; i < n; ++i) {
      gradient[i] += penalty_ * parameters[i];
      hessian[i * n + i] += penalty_;
    }
  }

 private:
  [[nodiscard]] std::span<const double> features(size_t row) const {
    return rows_.features.subspan(row * rows_.feature_count, rows_.feature_count);
  }
  [[nodiscard]] double log_odds(std::span<const double> parameters, size_t row) const {
    double z = parameters[0];
    const auto values = features(row);
    for (size_t i = 0; i < values.size(); ++i) z += parameters[i + 1] * values[i];
    return z;
  }

  LabelledRows rows_;
  std::vector<double> weights_;
  double penalty_;
};

/// What each row counts, or an error if they cannot be learnt from.
Result<std::vector<double>> row_weights(const LabelledRows& rows, ClassBalance balance) {
  std::vector<double> weights(rows.labels.size(), 1);
  if (!rows.weights.empty()) weights.assign(rows.weights.begin(), rows.weights.end());
  double of_class[2] = {0, 0};
  for (size_t row = 0; row < weights.size(); ++row) {
    if (!(weights[row] >= 0)) return Error{ErrorCode::malformed, "logistic.weight"};
    of_class[static_cast<size_t>(rows.labels[row])] += weights[row];
  }
  const double all = of_class[0] + of_class[1];
  if (!std::isfinite(all)) return Error{ErrorCode::malformed, "logistic.weight"};
  if (of_class[0] <= 0 || of_class[1] <= 0) {
    return Error{ErrorCode::malformed, "logistic.one-class"};
  }
  if (balance == ClassBalance::equal) {
    for (size_t row = 0; row < weights.size(); ++row) {
      weights[row] *= all / (2 * of_class[static_cast<size_t>(rows.labels[row])]);
    }
  }
  return weights;
}

}  // namespace

double LogisticModel::log_odds(std::span<const double> row) const {
  assert(row.size() == coefficients.size());
  double z = intercept;
  for (size_t i = 0; i < row.size(); ++i) z += coefficients[i] * row[i];
  return z;
}

Result<LogisticModel> fit_logistic(const LabelledRows& rows, const LogisticOptions& options) {
  assert(options.penalty > 0);
  assert(rows.features.size() == rows.labels.size() * rows.feature_count);
  assert(rows.weights.empty() || rows.weights.size() == rows.labels.size());
  if (!std::ranges::all_of(rows.features, [](double value) { return std::isfinite(value); })) {
    return Error{ErrorCode::malformed, "logistic.not-finite"};
  }
  SAFELIGHT_TRY(auto weights, row_weights(rows, options.balance));
  double all_weight = 0;
  for (const double weight : weights) all_weight += weight;
  const PenalisedLoss loss(rows, std::move(weights), options.penalty);

  std::vector<double> parameters(rows.feature_count + 1, 0);
  std::vector<double> tried(parameters.size());
  std::vector<double> gradient;
  std::vector<double> hessian;
  double current = loss.at(parameters);
  for (int step = 0; step < kMaxSteps; ++step) {
    loss.derivatives(parameters, gradient, hessian);
    std::vector<double> direction = gradient;
    if (!solve(hessian, direction)) return kNoConvergence;
    double decrement = 0;
    for (size_t i = 0; i < gradient.size(); ++i) decrement += gradient[i] * direction[i];
    if (!std::isfinite(decrement)) return kNoConvergence;

    // Armijo's condition; near the minimum the loss changes by less than its own rounding.
    const double rounding = 1e-13 * std::abs(current);
    double length = 1;
    double reached = 0;
    for (int halving = 0;; ++halving) {
      if (halving == kMaxHalvings) return kNoConvergence;
      for (size_t i = 0; i < parameters.size(); ++i) {
        tried[i] = parameters[i] - length * direction[i];
      }
      reached = loss.at(tried);
      if (reached <= current - 1e-4 * length * decrement + rounding) break;
      length /= 2;
    }
    parameters.swap(tried);
    current = reached;
    if (decrement <= kConverged * all_weight) {
      return LogisticModel{parameters[0], {parameters.begin() + 1, parameters.end()}};
    }
  }
  return kNoConvergence;
}

}  // namespace safelight::synthesis
