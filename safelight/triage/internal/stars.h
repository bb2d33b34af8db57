#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "safelight/base/simd.h"
#include "safelight/hash/fingerprint.h"
#include "safelight/index/multi_index.h"

namespace safelight::triage::internal {

struct StarOptions {
  uint32_t radius_bits = kDefaultRadiusBits;
  uint32_t threads = 1;
  SimdLevel level = SimdLevel::scalar;
  std::optional<IndexKind> index;  ///< Instead of the one that choose_index() names.
};

/// Neighbours are counted up to this number, itself among them: which of two fingerprints with so
/// many has more of them would cost minutes in a crowd of pictures that are all alike.
inline constexpr uint32_t kMaxCountedNeighbours = 1000;

/// Parts fingerprints, all different and in ascending order, into stars: a centre and others within
/// the radius of it. Gives for each fingerprint the place of its centre, which is its own place for
/// a centre and for a fingerprint that has no other within the radius. Every other fingerprint is
/// in a star of two at least.
std::vector<uint32_t> find_stars(std::span<const Fingerprint> fingerprints,
                                 const StarOptions& options);

/// What a fingerprint was before stars are extended.
enum class Before : uint8_t {
  fresh,    ///< New, or to be looked at anew.
  alone,    ///< In no star. No two of these lie within the radius of each other.
  in_star,  ///< A centre, also one that has no other in its star, or a member.
};

/// Takes fingerprints into stars that are there already. `centre_of` has for each in a star the
/// place of its centre, and for the others their own place. Members keep their centres, but for one
/// that a fresh fingerprint without other company takes over. Afterwards every fingerprint that has
/// another within the radius is in a star of two at least. Only the fresh ones are searched for.
void extend_stars(std::span<const Fingerprint> fingerprints, const std::vector<Before>& before,
                  const StarOptions& options, std::vector<uint32_t>& centre_of);

}  // namespace safelight::triage::internal
