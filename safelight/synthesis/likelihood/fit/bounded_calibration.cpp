#include "safelight/synthesis/likelihood/fit/bounded_calibration.h"

namespace safelight::synthesis {

Result<BoundedCalibration> fit_bounded_calibration(const TwoClasses& scores) {
  BoundedCalibration out;
  SAFELIGHT_TRY(out.line, fit_logistic_calibration(scores));
  TwoClassValues ratios;
  for (const double score : scores.camera) ratios.camera.push_back(out.line.log10_lr(score));
  for (const double score : scores.generated) ratios.generated.push_back(out.line.log10_lr(score));
  SAFELIGHT_TRY(out.bounds, elub(ratios));
  return out;
}

}  // namespace safelight::synthesis
