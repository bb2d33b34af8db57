#pragma once

#include <cstddef>
#include <vector>

#include "safelight/synthesis/likelihood/proposition.h"

/// How good the probabilities are that log10 LRs give with a prior of 1/2. Each class counts half.
/// Where a class is empty or a value NaN, figures are NaN and bins none.
namespace safelight::synthesis {

inline constexpr size_t kReliabilityBins = 10;

/// The probability of H1 with a prior of 1/2.
[[nodiscard]] double posterior_of_camera(double log10_lr);

/// Pictures whose posterior lies from `from` to below `to`; in the last bin, 1 too.
struct ReliabilityBin {
  double from = 0;
  double to = 0;
  size_t camera = 0;
  size_t generated = 0;
  double weight = 0;  ///< Of all, each class counting half: the bins' sum is 1.
  /// Both weighted so; NaN in an empty bin. In a calibrated system they are alike.
  double mean_posterior = 0;
  double camera_share = 0;
};

/// kReliabilityBins of one width.
[[nodiscard]] std::vector<ReliabilityBin> reliability_bins(const TwoClasses& log10_lr);

/// The mean difference of posterior and share over those bins (Naeini, Cooper and Hauskrecht,
/// Obtaining Well Calibrated Probabilities Using Bayesian Binning, AAAI 2015; not the empirical
/// cross-entropy). Depends on the bins: for orientation, the Cllr_cal and devPAV do not.
[[nodiscard]] double expected_calibration_error(const TwoClasses& log10_lr);

/// The mean squared error of the posterior (Brier, Monthly Weather Review 78, 1950): 0 is perfect,
/// 1/4 is what ratios of 1 cost.
[[nodiscard]] double brier_score(const TwoClasses& log10_lr);

}  // namespace safelight::synthesis
