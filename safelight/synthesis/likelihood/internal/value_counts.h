#pragma once

#include <cstddef>
#include <vector>

#include "safelight/synthesis/likelihood/proposition.h"

namespace safelight::synthesis {

/// How often one value occurs in each class.
struct ValueCount {
  double value = 0;
  size_t camera = 0;
  size_t generated = 0;
};

/// By ascending value, each once. No value is NaN.
[[nodiscard]] std::vector<ValueCount> value_counts(const TwoClasses& values);

}  // namespace safelight::synthesis
