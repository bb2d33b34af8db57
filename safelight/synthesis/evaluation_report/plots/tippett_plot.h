#pragma once

#include <string>

#include "safelight/synthesis/evaluation_report/internal/curves.h"

namespace safelight::synthesis {

/// Tippett plot: of each class, the share of pictures whose ratio is at least so large; as SVG. The
/// curves are not empty.
[[nodiscard]] std::string tippett_plot(const Curves& curves);

}  // namespace safelight::synthesis
