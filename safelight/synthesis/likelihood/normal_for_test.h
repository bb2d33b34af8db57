#pragma once

#include <cmath>
#include <numbers>
#include <vector>

#include "safelight/synthesis/likelihood/random.h"

namespace safelight::synthesis {

/// `count` draws of a normal distribution of standard deviation 1 (Box and Muller).
inline std::vector<double> normal_values(size_t count, double mean, Random& random) {
  std::vector<double> values;
  values.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    const double radius = std::sqrt(-2 * std::log1p(-random.unit()));
    values.push_back(mean + radius * std::cos(2 * std::numbers::pi * random.unit()));
  }
  return values;
}

}  // namespace safelight::synthesis
