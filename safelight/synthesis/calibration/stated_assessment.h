#pragma once

#include <cstddef>

#include "safelight/base/result.h"
#include "safelight/evidence/finding.h"
#include "safelight/synthesis/detectors/detector.h"

namespace safelight::synthesis {

/// How much of an assessment a finding states: digits of its score and of its cues, and how many
/// cues, the first, which a detector puts there because they weigh most.
inline constexpr int kScoreDigits = 13;
inline constexpr int kCueDigits = 6;
inline constexpr size_t kToldCues = 8;

/// What a detector said of a picture, as a finding states it: all that is needed to judge it by
/// another calibration.
struct StatedAssessment {
  DetectorIdentity detector;
  Assessment assessment;
  friend bool operator==(const StatedAssessment&, const StatedAssessment&) = default;
};

/// The assessment as findings state it. What is judged is this, so that the same comes of the
/// finding later.
Assessment as_stated(Assessment assessment);

/// Whether the finding is one of estimate_finding().
bool states_assessment(const Finding& finding);

/// Whether that finding is of a fusion of detectors, which names them in fields "fused_from": it is
/// made of what their own findings state.
bool is_fused(const Finding& finding);

/// The inverse of estimate_finding(): of a finding that it made of an assessment, as_stated() of
/// that assessment and its detector. Of an estimate or of cues only there is a score, of what is
/// not assessable none.
/// Errors: malformed, "stated-assessment.kind" for another finding; ".detector", ".model",
/// ".preprocessing", ".stratum", ".score" and ".why" for a field that is missing, there twice or
/// not what it must be; ".cue" for one that is no name and number, and for more than kToldCues.
/// Without an offset.
[[nodiscard]] Result<StatedAssessment> read_stated_assessment(const Finding& finding);

}  // namespace safelight::synthesis
