#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "safelight/base/result.h"

namespace safelight::synthesis {

/// Shifts and scales each feature to mean 0 and standard deviation 1 over the rows it was made
/// from.
struct Standardisation {
  std::vector<double> mean;
  /// Over 0; 1 for a feature that is the same in every row.
  std::vector<double> scale;

  /// `row` has as many features as `mean`.
  void apply(std::span<double> row) const;
  friend bool operator==(const Standardisation&, const Standardisation&) = default;
};

/// Of rows of `feature_count` features each, one after the other; at least one row. The deviation
/// is that of the rows themselves (divided by n). Errors: malformed for a value, mean or deviation
/// that is not finite.
[[nodiscard]] Result<Standardisation> standardisation_of(std::span<const double> features,
                                                         size_t feature_count);

}  // namespace safelight::synthesis
