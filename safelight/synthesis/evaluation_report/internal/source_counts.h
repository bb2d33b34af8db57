#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "safelight/synthesis/evaluation/manifest.h"

namespace safelight::synthesis {

/// How many there are of each class.
struct NumberByClass {
  size_t camera = 0;
  size_t generated = 0;
  void add(Proposition truth) { ++(truth == Proposition::camera ? camera : generated); }
};

/// Pictures, and the sources that they come from.
struct SetCounts {
  NumberByClass pictures;
  NumberByClass sources;  ///< Those that have pictures of the class.
  std::map<std::string, NumberByClass> by_source;
};

[[nodiscard]] SetCounts count_references(std::span<const Reference> references);

}  // namespace safelight::synthesis
