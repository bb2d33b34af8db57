#include "safelight/synthesis/likelihood/intervals/proportion_interval.h"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <cassert>
#include <cmath>
#include <numbers>

namespace safelight::synthesis {
namespace {

double lower_bound(const Proportion& proportion, double confidence) {
  if (proportion.count == 0) return 0;
  const auto count = static_cast<double>(proportion.count);
  const auto others = static_cast<double>(proportion.of - proportion.count);
  return boost::math::ibeta_inv(count, others + 1, 1 - confidence);
}

}  // namespace

Interval wilson_interval(const Proportion& proportion, double confidence) {
  assert(confidence > 0 && confidence < 1 && proportion.count <= proportion.of);
  if (proportion.of == 0) return {0, 1};
  const double z = std::numbers::sqrt2 * boost::math::erf_inv(confidence);
  const auto n = static_cast<double>(proportion.of);
  const double p = proportion.share();
  const double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {proportion.count == 0 ? 0 : std::max(0.0, centre - half),
          proportion.count == proportion.of ? 1 : std::min(1.0, centre + half)};
}

Interval clopper_pearson_interval(const Proportion& proportion, double confidence) {
  const double one_sided = (1 + confidence) / 2;
  return {lower_bound(proportion, one_sided), clopper_pearson_upper_bound(proportion, one_sided)};
}

double clopper_pearson_upper_bound(const Proportion& proportion, double confidence) {
  assert(confidence > 0 && confidence < 1 && proportion.count <= proportion.of);
  if (proportion.count == proportion.of) return 1;
  const auto count = static_cast<double>(proportion.count);
  const auto others = static_cast<double>(proportion.of - proportion.count);
  return boost::math::ibeta_inv(count + 1, others, confidence);
}

}  // namespace safelight::synthesis
