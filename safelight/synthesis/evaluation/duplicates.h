#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "safelight/hash/fingerprint.h"
#include "safelight/synthesis/evaluation/manifest.h"

namespace safelight::synthesis {

/// Two references that show the same.
struct Duplicate {
  size_t first = 0;
  size_t second = 0;  ///< After `first`.
  /// Of their fingerprints; 0 where the files are equal.
  uint32_t distance_bits = 0;
  friend bool operator==(const Duplicate&, const Duplicate&) = default;
};

/// Duplicates among references, by the digest and by the fingerprint (within kDefaultRadiusBits).
struct Duplicates {
  /// Of different sources, generators or truths: a model could learn one and be held against the
  /// other. A set that has such is refused.
  std::vector<Duplicate> across;
  /// References that repeat an earlier one of the same source and generator: places, rising. Left
  /// out, so that nothing counts twice.
  std::vector<size_t> repeated;
};

/// `fingerprints` are by reference, in one mode, nothing where there is none of a sufficient
/// quality. At most `max_across` of the first kind are given.
Duplicates find_duplicates(std::span<const Reference> references,
                           std::span<const std::optional<Fingerprint>> fingerprints,
                           size_t max_across);

}  // namespace safelight::synthesis
