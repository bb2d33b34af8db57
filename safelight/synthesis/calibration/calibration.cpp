#include "safelight/synthesis/calibration/calibration.h"

#include <algorithm>

namespace safelight::synthesis {

const StratumCalibration* Calibration::find(const Stratum& stratum) const {
  const auto found = std::find_if(strata.begin(), strata.end(), [&](const StratumCalibration& one) {
    return one.stratum == stratum;
  });
  return found == strata.end() ? nullptr : &*found;
}

std::vector<DetectorIdentity> detectors_of(const Calibration& calibration) {
  if (!calibration.fusion) return {calibration.detector};
  std::vector<DetectorIdentity> out;
  for (const FusionMember& member : calibration.fusion->members) out.push_back(member.detector);
  return out;
}

}  // namespace safelight::synthesis
