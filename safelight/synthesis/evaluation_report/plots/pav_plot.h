#pragma once

#include <string>

#include "safelight/synthesis/evaluation_report/internal/curves.h"

namespace safelight::synthesis {

/// What the best non-decreasing change (pool adjacent violators) would make of each ratio; as SVG.
/// The curves are not empty.
[[nodiscard]] std::string pav_plot(const Curves& curves);

}  // namespace safelight::synthesis
