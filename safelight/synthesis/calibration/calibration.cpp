#include "safelight/synthesis/calibration/calibration.h"

#include <algorithm>

namespace safelight::synthesis {

const StratumCalibration* Calibration::find(const Stratum& stratum) const {
  const auto found = std::find_if(strata.begin(), strata.end(), [&](const StratumCalibration& one) {
    return one.stratum == stratum;
  });
  return found == strata.end() ? nullptr : &*found;
}

}  // namespace safelight::synthesis
