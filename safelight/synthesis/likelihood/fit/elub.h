#pragma once

#include <algorithm>

#include "safelight/base/result.h"
#include "safelight/synthesis/likelihood/proposition.h"

namespace safelight::synthesis {

/// How strong a ratio may be said to be.
struct LrBounds {
  double lower_log10 = 0;  ///< At most 0.
  double upper_log10 = 0;  ///< At least 0.

  [[nodiscard]] double bounded(double log10_lr) const {
    return std::clamp(log10_lr, lower_log10, upper_log10);
  }
  friend bool operator==(const LrBounds&, const LrBounds&) = default;
};

/// Empirical lower and upper bounds (Vergeer, van Es, de Jongh, Alberink and Stoel, Numerical
/// likelihood ratios outputted by LR systems are often based on extrapolation: when to stop
/// extrapolating?, Science and Justice 56, 2016): decisions by the ratios, with one misleading
/// ratio more in each class, serve no worse than decisions without them at every threshold within
/// the bounds. In steps of 0.01, as `lir` of the Netherlands Forensic Institute computes them, and
/// never beyond log10(n + 1) by more than a step, n being the number of the class that is misled.
/// Errors: malformed for a NaN or a class without a value.
[[nodiscard]] Result<LrBounds> elub(const TwoClasses& log10_lr);

}  // namespace safelight::synthesis
