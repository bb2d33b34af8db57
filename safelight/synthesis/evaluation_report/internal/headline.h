#pragma once

#include "safelight/synthesis/evaluation/evaluation.h"

namespace safelight::synthesis {

/// The figures of the condition that may stand first; null where there is none.
[[nodiscard]] const Cell* headline_cell(const DetectorEvaluation& detector);
[[nodiscard]] const TriageRow* headline_triage(const DetectorEvaluation& detector);

}  // namespace safelight::synthesis
