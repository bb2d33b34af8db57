#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "safelight/base/simd.h"
#include "safelight/hash/fingerprint.h"

namespace safelight::triage::internal {

struct StarOptions {
  uint32_t radius_bits = kDefaultRadiusBits;
  uint32_t threads = 1;
  SimdLevel level = SimdLevel::scalar;
};

/// Parts fingerprints, all different and in ascending order, into stars: a centre and others within
/// the radius of it. Gives for each fingerprint the place of its centre, which is its own place for
/// a centre and for a fingerprint that has no other within the radius. Every other fingerprint is
/// in a star of two at least.
std::vector<uint32_t> find_stars(std::span<const Fingerprint> fingerprints,
                                 const StarOptions& options);

}  // namespace safelight::triage::internal
