#pragma once

#include "safelight/synthesis/calibration/calibration.h"
#include "safelight/synthesis/evaluation/evaluation.h"

namespace safelight::study {

/// What the scores of a detector are worth by the references of an evaluation, stratum by stratum,
/// with the figures that the gate asks for. `table` is what it said of them, `measured` what
/// evaluate_references() gave for it. A stratum is fitted to the references that are of it as they
/// were found; of others, to a copy under the first ordinary recompression of the sweep that brings
/// them into it, each reference once at most. A stratum in which a class is missing is left out.
synthesis::Calibration make_calibration(const synthesis::AssessmentTable& table,
                                        const synthesis::Evaluation& evaluation,
                                        const synthesis::DetectorEvaluation& measured,
                                        const synthesis::Date& made, int valid_days);

}  // namespace safelight::study
