#pragma once

#include <span>
#include <string>

#include "safelight/synthesis/evaluation/evaluation.h"

namespace safelight::synthesis {

/// All of one detector, as HTML: its tables, then its plots. `number` is its place from 1.
[[nodiscard]] std::string detector_section(const DetectorEvaluation& detector,
                                           std::span<const Reference> references, size_t number);

}  // namespace safelight::synthesis
