#include "safelight/synthesis/fusion/fit_fusion.h"

#include <cassert>
#include <cmath>
#include <numbers>

#include "safelight/synthesis/likelihood/fit/figure_text.h"
#include "safelight/synthesis/likelihood/fit/logistic_regression.h"

namespace safelight::synthesis {
namespace {

/// With the digits of a file alone, so that a model that is read is the one that was measured.
BoundedCalibration rounded(BoundedCalibration calibration) {
  calibration.line.offset = as_coefficient(calibration.line.offset);
  calibration.line.slope = as_coefficient(calibration.line.slope);
  calibration.bounds.lower_log10 = as_bound(calibration.bounds.lower_log10);
  calibration.bounds.upper_log10 = as_bound(calibration.bounds.upper_log10);
  return calibration;
}

}  // namespace

Result<Fusion> fit_fusion(std::span<const DetectorIdentity> detectors,
                          const MemberScores& references) {
  const size_t count = detectors.size();
  assert(references.scores.size() == references.labels.size() * count);
  Fusion out;
  std::vector<double> log10_lrs(references.scores.size());
  for (size_t i = 0; i < count; ++i) {
    std::vector<double> scores;
    scores.reserve(references.labels.size());
    for (size_t row = 0; row < references.labels.size(); ++row) {
      scores.push_back(references.scores[row * count + i]);
    }
    SAFELIGHT_TRY(const BoundedCalibration fitted,
                  fit_bounded_calibration(by_class(scores, references.labels)));
    out.members.push_back({detectors[i], rounded(fitted), 0});
    for (size_t row = 0; row < scores.size(); ++row) {
      log10_lrs[row * count + i] = out.members[i].calibration.log10_lr(scores[row]);
    }
  }
  SAFELIGHT_TRY(const LogisticModel model,
                fit_logistic({log10_lrs, count, references.labels, {}}, LogisticOptions{}));
  // Its log odds are natural ones, and of H2.
  out.offset = as_coefficient(-model.intercept / std::numbers::ln10);
  for (size_t i = 0; i < count; ++i) {
    out.members[i].weight = as_coefficient(-model.coefficients[i] / std::numbers::ln10);
  }
  return out;
}

}  // namespace safelight::synthesis
