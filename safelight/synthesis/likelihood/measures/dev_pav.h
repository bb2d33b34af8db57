#pragma once

#include "safelight/synthesis/likelihood/proposition.h"

namespace safelight::synthesis {

/// How far log10 LRs lie from calibrated ones: the mean distance, in log10 units, of the PAV
/// transform from the identity over the range where both classes occur (Vergeer, van Schaik and
/// Sjerps, Measuring calibration of likelihood-ratio systems, Forensic Science International 321,
/// 2021). 0 is calibrated. Infinite where an infinite ratio stands beside ratios that mislead; NaN
/// where no value of one class lies among those of the other, a class is empty or a value is NaN.
[[nodiscard]] double dev_pav(const TwoClasses& log10_lr);

}  // namespace safelight::synthesis
