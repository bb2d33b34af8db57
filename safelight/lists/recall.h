#pragma once

#include <cstdint>

#include "safelight/lists/hash_list.h"

namespace safelight {

/// How many of the matches that a plain scan finds an index finds too.
struct Recall {
  uint64_t queries = 0;
  uint64_t expected = 0;    ///< Matches of the plain scan.
  uint64_t found = 0;       ///< Those of them that the index gave, with the same distance.
  uint64_t unexpected = 0;  ///< Matches of the index that the plain scan did not find.
  [[nodiscard]] bool complete() const { return found == expected && unexpected == 0; }
};

/// Takes `samples` fingerprints of the list, flips 0 to `radius_bits` random bits in each, and
/// compares what the list's index finds within the radius with a plain scan over its fingerprints.
/// The same seed gives the same sample.
[[nodiscard]] Recall recall(const HashList& list, uint32_t samples, uint32_t radius_bits,
                            uint64_t seed);

}  // namespace safelight
