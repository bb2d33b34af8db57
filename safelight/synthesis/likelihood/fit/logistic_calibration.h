#pragma once

#include <cstdint>

#include "safelight/base/result.h"
#include "safelight/synthesis/likelihood/proposition.h"

namespace safelight::synthesis {

/// Which way a calibration found that a score points.
enum class ScoreDirection : uint8_t {
  as_declared,  ///< A larger score speaks for H2, as every detector promises.
  reversed,  ///< A larger score speaks for H1: the detector, or the labels, are not to be trusted.
  flat,      ///< The score says nothing.
};

/// From a score to a log10 LR, by a straight line.
struct LogisticCalibration {
  double offset = 0;
  double slope = 0;

  [[nodiscard]] double log10_lr(double score) const { return offset + slope * score; }
  [[nodiscard]] ScoreDirection direction() const;
  friend bool operator==(const LogisticCalibration&, const LogisticCalibration&) = default;
};

/// Platt's calibration (Platt, Probabilistic Outputs for Support Vector Machines, 1999; as a source
/// of likelihood ratios: Brümmer and du Preez, Computer Speech and Language 20, 2006): logistic
/// regression on the score with each class counting half, with a penalty of 1 on the slope of the
/// standardised score, so that classes which do not overlap give no infinite ratio. The sign of the
/// slope is the data's: look at `direction()`.
/// Errors: malformed for a score that is not finite or a class without one; limit_exceeded if the
/// fit does not converge.
[[nodiscard]] Result<LogisticCalibration> fit_logistic_calibration(const TwoClasses& scores);

}  // namespace safelight::synthesis
