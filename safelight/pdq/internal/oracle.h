#pragma once

#include <cstdint>
#include <vector>

#include "safelight/pdq/orientation_hashes.h"
#include "safelight/picture/picture.h"

/// PDQ written as plainly as it can be, step by step after the reference and over whole pictures:
/// what the fast paths are compared with, bit for bit. Sides of at least kMinSidePixels.
namespace safelight::pdq::internal::oracle {

/// width * height values.
std::vector<float> luma_reference(const Picture& picture);
std::vector<float> luma_full(const Picture& picture);

/// The path for a single hash, which takes a picture of 64x64 as it is.
PdqHash hash(std::vector<float> luma, uint32_t width, uint32_t height, PdqMode mode);

/// The dihedral path, which filters every picture.
OrientationHashes hash_all_orientations(std::vector<float> luma, uint32_t width, uint32_t height,
                                        PdqMode mode);

}  // namespace safelight::pdq::internal::oracle
