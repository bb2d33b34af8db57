#include "safelight/synthesis/evaluation_report/plots/log10_lr_range.h"

#include <algorithm>
#include <cmath>

namespace safelight::synthesis {

double log10_lr_range(std::span<const TippettPoint> points) {
  double largest = 0.75;
  for (const TippettPoint& point : points) {
    if (std::isfinite(point.log10_lr)) largest = std::max(largest, std::abs(point.log10_lr));
  }
  // A curve that ended in the frame could not be told from it.
  return std::ceil(2 * (largest + 0.05)) / 2;
}

}  // namespace safelight::synthesis
