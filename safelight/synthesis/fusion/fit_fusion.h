#pragma once

#include <span>

#include "safelight/base/result.h"
#include "safelight/synthesis/fusion/fusion.h"
#include "safelight/synthesis/likelihood/proposition.h"

namespace safelight::synthesis {

/// What detectors said of references: reference r has the scores [r * detectors, (r + 1) *
/// detectors), in the detectors' order.
struct MemberScores {
  std::span<const double> scores;
  std::span<const Proposition> labels;  ///< One a reference.
};

/// Calibrates each detector on the references, and weighs the log10 LRs by logistic regression with
/// each class counting half and a penalty of 1, in numbers that a file holds to the last digit.
/// Errors: as fit_bounded_calibration() and fit_logistic().
[[nodiscard]] Result<Fusion> fit_fusion(std::span<const DetectorIdentity> detectors,
                                        const MemberScores& references);

}  // namespace safelight::synthesis
