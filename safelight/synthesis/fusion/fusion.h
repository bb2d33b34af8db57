#pragma once

#include <span>
#include <vector>

#include "safelight/synthesis/detectors/detector.h"
#include "safelight/synthesis/likelihood/fit/bounded_calibration.h"

namespace safelight::synthesis {

/// One of the detectors that are weighed together.
struct FusionMember {
  DetectorIdentity detector;
  BoundedCalibration calibration;  ///< Of all its references, whatever their stratum.
  double weight = 0;               ///< Of its log10 LR.
  friend bool operator==(const FusionMember&, const FusionMember&) = default;
};

/// Detectors whose calibrated log likelihood ratios are weighed into one score (Brümmer and du
/// Preez, Computer Speech and Language 20, 2006, section 7): errors that they share count once,
/// which a product of their ratios would count twice. What the score is worth is again a
/// calibration's to say.
struct Fusion {
  std::vector<FusionMember> members;  ///< Two at least.
  double offset = 0;                  ///< Added to the weighted sum.

  /// Larger for H2, as that of a detector: the negated weighted sum of the members' log10 LRs.
  /// `scores` are the members', in their order.
  [[nodiscard]] double score(std::span<const double> scores) const;

  /// As that of a detector: both digests are of the members and of all numbers above, to the digits
  /// of coefficient_text() and bound_text().
  [[nodiscard]] DetectorIdentity identity() const;

  /// Whether more evidence of each member for a proposition is more evidence of all for it.
  [[nodiscard]] bool weighs_as_declared() const;

  friend bool operator==(const Fusion&, const Fusion&) = default;
};

}  // namespace safelight::synthesis
