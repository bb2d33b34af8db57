#include "safelight/synthesis/likelihood/measures/cllr.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>

#include "safelight/synthesis/likelihood/fit/pav.h"

namespace safelight::synthesis {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// log2(1 + 10^x), without overflow.
double log2_one_plus_ten_to(double x) {
  constexpr double kLog2Of10 = std::numbers::ln10 / std::numbers::ln2;
  const double rest = std::log1p(std::pow(10, -std::abs(x))) / std::numbers::ln2;
  return x > 0 ? x * kLog2Of10 + rest : rest;
}

}  // namespace

double empirical_cross_entropy(const TwoClasses& log10_lr, double prior) {
  assert(prior > 0 && prior < 1);
  if (lacks_class_or_has_nan(log10_lr)) return kNan;
  const double prior_log10_odds = std::log10(prior / (1 - prior));
  double camera = 0;
  for (const double value : log10_lr.camera) {
    camera += log2_one_plus_ten_to(-(value + prior_log10_odds));
  }
  double generated = 0;
  for (const double value : log10_lr.generated) {
    generated += log2_one_plus_ten_to(value + prior_log10_odds);
  }
  return prior * camera / static_cast<double>(log10_lr.camera.size()) +
         (1 - prior) * generated / static_cast<double>(log10_lr.generated.size());
}

double cllr(const TwoClasses& log10_lr) { return empirical_cross_entropy(log10_lr, 0.5); }

double cllr_min(const TwoClasses& values) {
  const auto pav = fit_pav(values);
  if (!pav) return kNan;
  double camera = 0;
  double generated = 0;
  for (const PavBlock& block : pav->blocks) {
    // A block of one class has an infinite ratio, which costs that class nothing.
    if (block.camera == 0 || block.generated == 0) continue;
    camera += static_cast<double>(block.camera) * log2_one_plus_ten_to(-block.log10_lr);
    generated += static_cast<double>(block.generated) * log2_one_plus_ten_to(block.log10_lr);
  }
  return (camera / static_cast<double>(pav->camera) +
          generated / static_cast<double>(pav->generated)) /
         2;
}

double cllr_cal(const TwoClasses& log10_lr) {
  const double difference = cllr(log10_lr) - cllr_min(log10_lr);
  return difference < 0 ? 0 : difference;
}

}  // namespace safelight::synthesis
