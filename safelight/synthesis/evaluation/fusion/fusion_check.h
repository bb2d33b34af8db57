#pragma once

#include <optional>
#include <vector>

#include "safelight/synthesis/evaluation/fusion/fusion_learner.h"

namespace safelight::synthesis {

/// Detectors weighed together by all references, and whether that serves.
struct FusionCheck {
  Fusion fusion;
  /// Cllr of what leaves one generator out, of the references that all detectors can assess; NaN
  /// where the references do not allow it.
  double cllr = 0;
  std::vector<double> member_cllrs;  ///< Likewise, of each alone, in the order of the members.

  /// Whether the fusion may be used: it costs less than each alone, and weighs each as it declares
  /// itself to be read.
  [[nodiscard]] bool pays() const;
};

/// Fits to all references and holds the fusion against its members. Nothing where it cannot be
/// fitted.
std::optional<FusionCheck> check_fusion(std::span<const Reference> references,
                                        const FusionLearner& learner);

}  // namespace safelight::synthesis
