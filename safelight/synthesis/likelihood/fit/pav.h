#pragma once

#include <cstddef>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/synthesis/likelihood/proposition.h"

namespace safelight::synthesis {

/// Neighbouring values that get one ratio.
struct PavBlock {
  double low = 0;  ///< The least value in it, and the largest.
  double high = 0;
  size_t camera = 0;
  size_t generated = 0;
  /// Of the shares of both classes that are in the block; -infinity without a camera's picture,
  /// +infinity without a generated one.
  double log10_lr = 0;
};

/// The non-decreasing map from a value to a log10 LR that fits the values it was made from best, by
/// every proper score at once.
struct PavTransform {
  std::vector<PavBlock> blocks;  ///< By ascending value and log10 LR.
  size_t camera = 0;             ///< How many of the class there are in all.
  size_t generated = 0;

  /// Between two blocks that of the block which says less. `value` is not NaN.
  [[nodiscard]] double log10_lr(double value) const;
};

/// Pool adjacent violators (Ayer et al., Annals of Mathematical Statistics 26, 1955; for likelihood
/// ratios Brümmer and du Preez 2006), each class counting half. Larger values support H1, as a
/// log10 LR does and a negated score; infinite ones are ordinary values. Equal values are one. On
/// the values it was made from it gives infinite ratios: for measures and plots, not for casework.
/// Errors: malformed for a NaN or a class without a value.
[[nodiscard]] Result<PavTransform> fit_pav(const TwoClasses& values);

}  // namespace safelight::synthesis
