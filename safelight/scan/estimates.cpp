#include "safelight/scan/estimates.h"

#include <algorithm>
#include <string>

#include "safelight/synthesis/calibration/estimate_finding.h"

namespace safelight::scan {
namespace {

/// Null where there is none for the detector.
const synthesis::Calibration* find_calibration(const synthesis::DetectorIdentity& detector,
                                               const EstimateOptions& options) {
  const synthesis::Calibration* found = nullptr;
  for (const synthesis::Calibration& calibration : options.calibrations) {
    if (!calibration.detector.scores_as(detector)) continue;
    if (found == nullptr || calibration.expires > found->expires) found = &calibration;
  }
  return found;
}

}  // namespace

std::vector<Finding> estimate_findings(std::span<const synthesis::DetectorIdentity> detectors,
                                       std::span<const synthesis::Assessment> assessments,
                                       const EstimateOptions& options) {
  std::vector<Finding> out;
  for (size_t i = 0; i < std::min(detectors.size(), assessments.size()); ++i) {
    out.push_back(synthesis::estimate_finding(synthesis::estimate(
        assessments[i], detectors[i], find_calibration(detectors[i], options), options.today)));
  }
  return out;
}

std::vector<Finding> not_assessable_findings(std::span<const synthesis::DetectorIdentity> detectors,
                                             std::string_view why) {
  std::vector<Finding> out;
  for (const synthesis::DetectorIdentity& detector : detectors) {
    synthesis::Estimate estimate;
    estimate.detector = detector;
    estimate.outcome = synthesis::NotAssessable{std::string(why)};
    out.push_back(synthesis::estimate_finding(estimate));
  }
  return out;
}

}  // namespace safelight::scan
