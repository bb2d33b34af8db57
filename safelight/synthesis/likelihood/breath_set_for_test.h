#pragma once

#include <cmath>
#include <vector>

#include "safelight/synthesis/likelihood/proposition.h"

namespace safelight::synthesis {

inline TwoClassValues log10_of(const std::vector<double>& camera_lr,
                               const std::vector<double>& generated_lr) {
  TwoClassValues out;
  for (const double lr : camera_lr) out.camera.push_back(std::log10(lr));
  for (const double lr : generated_lr) out.generated.push_back(std::log10(lr));
  return out;
}

/// The breath analyser of lir's tests: 1 of 100 misled in one class, 1 of 10 in the other. It is
/// well calibrated with a positive ratio of 90, ill with 1,000.
inline TwoClassValues breath_set(double positive_lr) {
  std::vector<double> camera(90, positive_lr);
  camera.insert(camera.end(), 10, 0.101);
  std::vector<double> generated(990, 0.101);
  generated.insert(generated.end(), 10, positive_lr);
  return log10_of(camera, generated);
}

}  // namespace safelight::synthesis
