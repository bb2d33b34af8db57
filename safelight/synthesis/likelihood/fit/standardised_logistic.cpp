#include "safelight/synthesis/likelihood/fit/standardised_logistic.h"

#include <vector>

namespace safelight::synthesis {

double StandardisedLogistic::log_odds(std::span<const double> row) const {
  std::vector<double> scaled(row.begin(), row.end());
  scale.apply(scaled);
  return model.log_odds(scaled);
}

Result<StandardisedLogistic> fit_standardised_logistic(const LabelledRows& rows,
                                                       const LogisticOptions& options) {
  StandardisedLogistic out;
  SAFELIGHT_TRY(out.scale, standardisation_of(rows.features, rows.feature_count));
  std::vector<double> scaled(rows.features.begin(), rows.features.end());
  for (size_t begin = 0; begin < scaled.size(); begin += rows.feature_count) {
    out.scale.apply(std::span(scaled).subspan(begin, rows.feature_count));
  }
  LabelledRows standardised = rows;
  standardised.features = scaled;
  SAFELIGHT_TRY(out.model, fit_logistic(standardised, options));
  return out;
}

}  // namespace safelight::synthesis
