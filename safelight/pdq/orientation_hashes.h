#pragma once

#include <array>
#include <cstdint>

#include "safelight/hash/fingerprint.h"

namespace safelight::pdq {

/// The smallest width and height that have a fingerprint; a smaller picture is the error
/// `unsupported`, rule "pdq.side-under-5" (the C++ reference gives all zeros and quality 0 there).
inline constexpr uint32_t kMinSidePixels = 5;

/// The fingerprints of a picture and of its rotations and mirror images, indexed by Orientation.
/// All have the same quality.
using OrientationHashes = std::array<PdqHash, kOrientations>;

}  // namespace safelight::pdq
