#pragma once

#include <string>

#include "safelight/synthesis/evaluation_report/internal/curves.h"

namespace safelight::synthesis {

/// Reliability: the probability of H1 that the ratios give, with a prior of 1/2, against the share
/// of camera pictures, in bins; as SVG. The curves are not empty.
[[nodiscard]] std::string reliability_plot(const Curves& curves);

}  // namespace safelight::synthesis
