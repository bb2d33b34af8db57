#include "safelight/synthesis/likelihood/fit/elub.h"

#include <cmath>
#include <vector>

namespace safelight::synthesis {
namespace {

constexpr double kStep = 0.01;
/// Stands for an infinite ratio.
constexpr double kExtreme = 9;

std::vector<double> sorted_without_extremes(std::span<const double> log10_lr) {
  std::vector<double> out;
  for (const double value : log10_lr) out.push_back(std::clamp(value, -kExtreme, kExtreme));
  std::ranges::sort(out);
  return out;
}

/// The share of the values over `threshold` when one more is over it or not.
double share_over(const std::vector<double>& sorted, double threshold, int over_besides) {
  const auto over = sorted.end() - std::ranges::upper_bound(sorted, threshold);
  return static_cast<double>(over + over_besides) / static_cast<double>(sorted.size() + 1);
}

/// Whole steps in `value`, rounded down, of the step as a double and not of a hundredth, so that a
/// value which is just a number of steps counts as in lir.
int whole_steps(double value) {
  const double rest = std::fmod(value, kStep);
  return static_cast<int>(std::lround((value - rest) / kStep)) - (rest < 0 ? 1 : 0);
}

}  // namespace

Result<LrBounds> elub(const TwoClasses& log10_lr) {
  if (lacks_class_or_has_nan(log10_lr)) return Error{ErrorCode::malformed, "elub.values"};
  const std::vector<double> camera = sorted_without_extremes(log10_lr.camera);
  const std::vector<double> generated = sorted_without_extremes(log10_lr.generated);
  const double least = std::max(std::min(camera.front(), generated.front()),
                                -std::log10(static_cast<double>(camera.size() + 1)));
  const double most = std::min(std::max(camera.back(), generated.back()),
                               std::log10(static_cast<double>(generated.size() + 1)));
  const int first = std::min(0, whole_steps(least));
  const int last = std::max(0, whole_steps(most) + 1);
  int lower = first;
  int upper = last;
  for (int step = first; step <= last; ++step) {
    const double threshold = step / 100.0;
    const double threshold_lr = std::pow(10, threshold);
    const double cost =
        1 - share_over(camera, threshold, 0) + threshold_lr * share_over(generated, threshold, 1);
    const double cost_without = std::min(threshold_lr, 1.0);
    if (cost_without / cost >= 1) continue;
    if (step <= 0) lower = std::max(lower, step + 1);
    if (step >= 0) upper = std::min(upper, step - 1);
  }
  return LrBounds{std::min(lower, 0) / 100.0, std::max(upper, 0) / 100.0};
}

}  // namespace safelight::synthesis
