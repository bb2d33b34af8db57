#include "safelight/synthesis/likelihood/fit/standardisation.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace safelight::synthesis {

void Standardisation::apply(std::span<double> row) const {
  assert(row.size() == mean.size());
  for (size_t i = 0; i < row.size(); ++i) row[i] = (row[i] - mean[i]) / scale[i];
}

Result<Standardisation> standardisation_of(std::span<const double> features, size_t feature_count) {
  assert(feature_count > 0 && !features.empty() && features.size() % feature_count == 0);
  const size_t rows = features.size() / feature_count;
  const auto n = static_cast<double>(rows);
  Standardisation out;
  for (size_t feature = 0; feature < feature_count; ++feature) {
    double sum = 0;
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (size_t row = 0; row < rows; ++row) {
      const double value = features[row * feature_count + feature];
      sum += value;
      low = std::min(low, value);
      high = std::max(high, value);
    }
    const double mean = sum / n;
    double squares = 0;
    for (size_t row = 0; row < rows; ++row) {
      const double off = features[row * feature_count + feature] - mean;
      squares += off * off;
    }
    // Of a feature that never varies the rounding of the mean would be taken for its deviation.
    const double scale = low == high ? 1 : std::sqrt(squares / n);
    if (!std::isfinite(mean) || !std::isfinite(scale) || scale <= 0) {
      return Error{ErrorCode::malformed, "standardisation.not-finite"};
    }
    out.mean.push_back(mean);
    out.scale.push_back(scale);
  }
  return out;
}

}  // namespace safelight::synthesis
