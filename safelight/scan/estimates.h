#pragma once

#include <span>
#include <vector>

#include "safelight/evidence/finding.h"
#include "safelight/synthesis/calibration/calibration.h"
#include "safelight/synthesis/calibration/date.h"
#include "safelight/synthesis/workers/assessor.h"

namespace safelight::scan {

/// What estimates of camera or synthetic rest on, for all examiners of a run.
struct EstimateOptions {
  synthesis::AssessorOptions assessor;
  /// At most one counts for a detector: the one of its model and preprocessing, of several the one
  /// that expires last.
  std::vector<synthesis::Calibration> calibrations;
  std::vector<Sha256> calibration_files;  ///< Of the bytes of each, for the record of a run.
  synthesis::Date today{};
};

/// What each detector's assessment of a picture comes to, as findings, and after them what is said
/// by the fusions among the calibrations all of whose detectors could assess it. `detectors` and
/// `assessments` are in one order.
std::vector<Finding> estimate_findings(std::span<const synthesis::DetectorIdentity> detectors,
                                       std::span<const synthesis::Assessment> assessments,
                                       const EstimateOptions& options);

/// The same where no detector could look at the picture, for a reason in plain words.
std::vector<Finding> not_assessable_findings(std::span<const synthesis::DetectorIdentity> detectors,
                                             std::string_view why);

}  // namespace safelight::scan
