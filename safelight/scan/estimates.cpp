#include "safelight/scan/estimates.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>
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

/// What a fusion makes of its members' scores; nothing unless all are there.
std::optional<synthesis::Assessment> fused(const synthesis::Fusion& fusion,
                                           std::span<const synthesis::DetectorIdentity> detectors,
                                           std::span<const synthesis::Assessment> assessments) {
  std::vector<double> scores;
  synthesis::Assessment out;
  for (const synthesis::FusionMember& member : fusion.members) {
    const auto found = std::find_if(detectors.begin(), detectors.end(), [&](const auto& detector) {
      return detector.scores_as(member.detector);
    });
    if (found == detectors.end()) return std::nullopt;
    const auto& assessment = assessments[static_cast<size_t>(found - detectors.begin())];
    if (!assessment.score || !std::isfinite(*assessment.score)) return std::nullopt;
    scores.push_back(*assessment.score);
    out.stratum = assessment.stratum;
  }
  out.score = fusion.score(scores);
  return out;
}

}  // namespace

std::vector<Finding> estimate_findings(std::span<const synthesis::DetectorIdentity> detectors,
                                       std::span<const synthesis::Assessment> assessments,
                                       const EstimateOptions& options) {
  assert(detectors.size() == assessments.size());
  std::vector<Finding> out;
  for (size_t i = 0; i < detectors.size(); ++i) {
    out.push_back(synthesis::estimate_finding(synthesis::estimate(
        assessments[i], detectors[i], find_calibration(detectors[i], options), options.today)));
  }
  for (const synthesis::Calibration& calibration : options.calibrations) {
    if (!calibration.fusion || find_calibration(calibration.detector, options) != &calibration) {
      continue;
    }
    const auto assessment = fused(*calibration.fusion, detectors, assessments);
    if (!assessment) continue;
    out.push_back(synthesis::estimate_finding(
        synthesis::estimate(*assessment, calibration.detector, &calibration, options.today)));
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
