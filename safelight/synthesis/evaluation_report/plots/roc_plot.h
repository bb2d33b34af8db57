#pragma once

#include <string>

#include "safelight/synthesis/evaluation_report/internal/curves.h"

namespace safelight::synthesis {

/// ROC curve of the scores; as SVG. The curves are not empty.
[[nodiscard]] std::string roc_plot(const Curves& curves);

}  // namespace safelight::synthesis
