#pragma once

#include <span>
#include <string>

#include "safelight/synthesis/evaluation/evaluation.h"

namespace safelight::synthesis {

/// The five plots of the headline's held-out scores, as HTML; where there is no headline, or a
/// class has no score, a sentence that says so.
[[nodiscard]] std::string plots_of(const DetectorEvaluation& detector,
                                   std::span<const Reference> references);

}  // namespace safelight::synthesis
