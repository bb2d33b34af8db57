#pragma once

#include <span>

#include "safelight/base/result.h"
#include "safelight/synthesis/likelihood/fit/logistic_regression.h"
#include "safelight/synthesis/likelihood/fit/standardisation.h"

namespace safelight::synthesis {

/// A logistic model of features as they are measured.
struct StandardisedLogistic {
  Standardisation scale;
  LogisticModel model;  ///< Of the standardised features.

  /// As LogisticModel::log_odds().
  [[nodiscard]] double log_odds(std::span<const double> row) const;
};

/// Standardises the features over the rows given and fits to them. Errors: as
/// standardisation_of() and fit_logistic().
[[nodiscard]] Result<StandardisedLogistic> fit_standardised_logistic(
    const LabelledRows& rows, const LogisticOptions& options);

}  // namespace safelight::synthesis
