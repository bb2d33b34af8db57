#pragma once

#include "safelight/base/result.h"
#include "safelight/synthesis/likelihood/fit/elub.h"
#include "safelight/synthesis/likelihood/fit/logistic_calibration.h"
#include "safelight/synthesis/likelihood/proposition.h"

namespace safelight::synthesis {

/// From a score to a log10 LR that says no more than the references it was made from support.
struct BoundedCalibration {
  LogisticCalibration line;
  LrBounds bounds;

  [[nodiscard]] double log10_lr(double score) const { return bounds.bounded(line.log10_lr(score)); }
  friend bool operator==(const BoundedCalibration&, const BoundedCalibration&) = default;
};

/// A logistic calibration, and the bounds of its own ratios of the same scores. Errors: as
/// fit_logistic_calibration().
[[nodiscard]] Result<BoundedCalibration> fit_bounded_calibration(const TwoClasses& scores);

}  // namespace safelight::synthesis
