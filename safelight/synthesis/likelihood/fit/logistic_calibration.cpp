#include "safelight/synthesis/likelihood/fit/logistic_calibration.h"

#include <numbers>

#include "safelight/synthesis/likelihood/fit/logistic_regression.h"
#include "safelight/synthesis/likelihood/fit/standardisation.h"

namespace safelight::synthesis {

ScoreDirection LogisticCalibration::direction() const {
  if (slope < 0) return ScoreDirection::as_declared;
  return slope > 0 ? ScoreDirection::reversed : ScoreDirection::flat;
}

Result<LogisticCalibration> fit_logistic_calibration(const TwoClasses& scores) {
  if (scores.camera.empty() || scores.generated.empty()) {
    return Error{ErrorCode::malformed, "calibration.one-class"};
  }
  std::vector<double> standardised(scores.camera.begin(), scores.camera.end());
  standardised.insert(standardised.end(), scores.generated.begin(), scores.generated.end());
  std::vector<Proposition> labels(scores.camera.size(), Proposition::camera);
  labels.resize(standardised.size(), Proposition::generated);

  SAFELIGHT_TRY(const auto standard, standardisation_of(standardised, 1));
  for (double& score : standardised) standard.apply({&score, 1});
  SAFELIGHT_TRY(const auto model, fit_logistic({standardised, 1, labels, {}}, {}));

  // The model gives natural log odds of H2; with each class counting half they are -ln LR.
  const double slope = -model.coefficients[0] / standard.scale[0] / std::numbers::ln10;
  return LogisticCalibration{-model.intercept / std::numbers::ln10 - slope * standard.mean[0],
                             slope};
}

}  // namespace safelight::synthesis
