#pragma once

#include "safelight/evidence/finding.h"
#include "safelight/synthesis/calibration/estimate.h"

namespace safelight::synthesis {

/// An estimate as a finding: "origin_estimate" with a ratio, of grade `weak`; "origin_cues" and
/// "origin_not_assessable" without one, which are facts, because they are evidence of nothing.
/// Every statement names the two propositions and what neither covers; none names a probability.
/// What the detector said can be read out of it again (stated_assessment.h). Fields:
/// docs/findings.md.
Finding estimate_finding(const Estimate& estimate);

}  // namespace safelight::synthesis
