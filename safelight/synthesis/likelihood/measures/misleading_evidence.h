#pragma once

#include <vector>

#include "safelight/synthesis/likelihood/proportion.h"
#include "safelight/synthesis/likelihood/proposition.h"

namespace safelight::synthesis {

/// The shares of both classes whose log10 LR is at least this.
struct TippettPoint {
  double log10_lr = 0;
  double camera = 0;
  double generated = 0;
};

/// Both curves of a Tippett plot (Evett and Buckleton, Statistical analysis of STR data, 1996), a
/// point for each log10 LR that occurs, ascending. None where a class is empty or a value NaN.
[[nodiscard]] std::vector<TippettPoint> tippett_points(const TwoClasses& log10_lr);

/// Of how many pictures the ratio supports the proposition that is not true of them.
struct MisleadingEvidence {
  Proportion camera;     ///< Camera pictures with a log10 LR under 0.
  Proportion generated;  ///< Generated pictures with a log10 LR over 0.
};

/// A NaN misleads nobody, but is counted among the pictures.
[[nodiscard]] MisleadingEvidence misleading_evidence(const TwoClasses& log10_lr);

}  // namespace safelight::synthesis
