#pragma once

#include <string>
#include <vector>

#include "safelight/synthesis/evaluation/evaluation.h"

namespace safelight::synthesis {

/// What a reader must know before any figure, the gravest first, each as HTML.
[[nodiscard]] std::vector<std::string> warnings_of(const Evaluation& evaluation);

}  // namespace safelight::synthesis
