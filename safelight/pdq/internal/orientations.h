#pragma once

#include "safelight/pdq/internal/kernels.h"
#include "safelight/pdq/orientation_hashes.h"

namespace safelight::pdq::internal {

/// Turns a grid of kGridSide x kGridSide samples, readable kGridSlack floats past its end, into the
/// fingerprints of all orientations. Turning or mirroring a picture changes signs in its transform
/// and transposes it, so there are four sets of bits, each as it is and transposed.
OrientationHashes hashes_of_grid(const Kernels& kernels, const float* grid, PdqMode mode);

}  // namespace safelight::pdq::internal
