#pragma once

#include <string>

#include "safelight/synthesis/evaluation_report/internal/curves.h"

namespace safelight::synthesis {

/// Empirical cross-entropy over the prior odds of H1; as SVG. The curves are not empty.
[[nodiscard]] std::string cross_entropy_plot(const Curves& curves);

}  // namespace safelight::synthesis
