#pragma once

#include "safelight/triage/review.h"

namespace safelight::app {

/// The review that the case holds, if it is current, was made with these options and is not to be
/// made anew; else one that is made and stored now. `update` says what was written.
triage::Review current_review(casefile::Writer& writer, const casefile::Reader& reader,
                              const triage::TriageOptions& options, triage::Regroup regroup,
                              triage::UpdateCounts& update);

}  // namespace safelight::app
