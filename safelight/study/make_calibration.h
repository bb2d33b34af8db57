#pragma once

#include <cstddef>
#include <string_view>

#include "safelight/study/examine_references.h"
#include "safelight/synthesis/calibration/calibration.h"
#include "safelight/synthesis/evaluation/evaluation.h"

namespace safelight::study {

/// What the scores of a detector are worth by these references, stratum by stratum, with the
/// figures that the gate asks for. `detector` is a place in examined.detectors, `measured` what
/// evaluate_references() gave for it as it stands. A stratum is fitted to the references that are
/// of it as they were found; of others, to a copy under the first ordinary recompression of the
/// sweep that brings them into it, each reference once at most. A stratum in which a class is
/// missing is left out.
synthesis::Calibration make_calibration(const ExaminedReferences& examined, size_t detector,
                                        const synthesis::Evaluation& evaluation,
                                        const synthesis::DetectorEvaluation& measured,
                                        const synthesis::Date& made, int valid_days);

}  // namespace safelight::study
