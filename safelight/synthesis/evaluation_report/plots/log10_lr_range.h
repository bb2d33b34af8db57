#pragma once

#include <span>

#include "safelight/synthesis/likelihood/measures/misleading_evidence.h"

namespace safelight::synthesis {

/// How far an axis of log10 LRs reaches to either side, so that all finite ones stand within it: a
/// multiple of a half, 1 at least.
[[nodiscard]] double log10_lr_range(std::span<const TippettPoint> points);

}  // namespace safelight::synthesis
