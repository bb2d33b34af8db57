#pragma once

#include <cstdint>
#include <vector>

#include "safelight/casefile/reader.h"
#include "safelight/casefile/writer.h"
#include "safelight/scan/estimates.h"

namespace safelight::scan {

/// What estimating a case anew changed, and what it could not do.
struct ReestimateSummary {
  uint64_t pictures = 0;     ///< Contents of which a detector had said something.
  uint64_t assessments = 0;  ///< What detectors had said of them.
  uint64_t changed = 0;      ///< Pictures whose findings changed.
  uint64_t unreadable = 0;   ///< Findings that stay, because they do not state what they must.
  /// Pictures that no detector was asked about, because they were scanned without a look at pixels.
  uint64_t not_asked = 0;
  /// Findings by each calibration, in the order of the options.
  std::vector<uint64_t> by_calibration;
};

/// Judges what detectors said of the pictures of the case by the calibrations and on the day of
/// `options`, from what is stored: neither evidence nor detectors are needed. Afterwards each
/// content has the findings that a scan with these options would have given it. A second time
/// changes nothing. Throws Fault.
ReestimateSummary reestimate(casefile::Writer& writer, const casefile::Reader& reader,
                             const EstimateOptions& options);

}  // namespace safelight::scan
