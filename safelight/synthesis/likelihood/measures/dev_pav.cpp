#include "safelight/synthesis/likelihood/measures/dev_pav.h"

#include <cmath>
#include <limits>
#include <vector>

#include "safelight/synthesis/likelihood/fit/pav.h"

namespace safelight::synthesis {
namespace {

struct Point {
  double log10_lr = 0;
  double distance = 0;  ///< Of the transform from the identity, with its sign.
};

/// The integral of |distance| along the line between two points.
double area_between(const Point& a, const Point& b) {
  const double width = b.log10_lr - a.log10_lr;
  const double heights = std::abs(a.distance) + std::abs(b.distance);
  if (a.distance * b.distance >= 0) return width * heights / 2;
  return width * (a.distance * a.distance + b.distance * b.distance) / (2 * heights);
}

}  // namespace

double dev_pav(const TwoClasses& log10_lr) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  const auto pav = fit_pav(log10_lr);
  if (!pav) return kNan;
  // Within a block the transform is level: its ends are all of its corners.
  std::vector<Point> corners;
  for (const PavBlock& block : pav->blocks) {
    if (std::isinf(block.log10_lr)) continue;
    if (std::isinf(block.low) || std::isinf(block.high)) {
      return std::numeric_limits<double>::infinity();
    }
    corners.push_back({block.low, block.log10_lr - block.low});
    corners.push_back({block.high, block.log10_lr - block.high});
  }
  if (corners.empty()) return kNan;
  const double range = corners.back().log10_lr - corners.front().log10_lr;
  if (range <= 0) return std::abs(corners.front().distance);
  double area = 0;
  for (size_t i = 1; i < corners.size(); ++i) area += area_between(corners[i - 1], corners[i]);
  return area / range;
}

}  // namespace safelight::synthesis
