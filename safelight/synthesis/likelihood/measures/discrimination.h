#pragma once

#include <vector>

#include "safelight/synthesis/likelihood/proposition.h"

/// How well scores tell the classes apart. A picture is called generated where its score is at
/// least a threshold: a true positive is a generated picture called so, a false positive a
/// camera's. Where a class is empty or a score NaN, figures are NaN and curves empty.
namespace safelight::synthesis {

struct RocPoint {
  double threshold = 0;
  double false_positive_rate = 0;
  double true_positive_rate = 0;
};

/// From (0, 0) at a threshold of infinity to (1, 1): a point for each score, by descending
/// threshold.
[[nodiscard]] std::vector<RocPoint> roc_curve(const TwoClasses& scores);

/// The probability that a generated picture has a larger score than a camera's, equal ones counting
/// half (the area under the ROC curve).
[[nodiscard]] double auc(const TwoClasses& scores);

/// The least threshold of which the false positive rate is at most `rate`, halfway to the next
/// score over it; -infinity for a rate of 1.
[[nodiscard]] double threshold_for_false_positive_rate(const TwoClasses& scores, double rate);

/// The largest true positive rate with a false positive rate of at most `rate`: a step of the
/// curve, nothing is interpolated.
[[nodiscard]] double true_positive_rate_at(const TwoClasses& scores, double rate);

/// The mean of the shares of both classes that are called what they are.
[[nodiscard]] double balanced_accuracy(const TwoClasses& scores, double threshold);

}  // namespace safelight::synthesis
