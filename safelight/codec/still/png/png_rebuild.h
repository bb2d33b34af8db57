#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "safelight/codec/still/png/png_structure.h"

namespace safelight::codec {

/// One frame of an animation as a PNG file of its own, so that a libpng without animation reads it:
/// the file's IHDR with the frame's size, its PLTE and tRNS, and the frame's data as IDAT.
std::vector<std::byte> rebuild_still(std::span<const std::byte> file, const PngStructure& structure,
                                     const PngFrame& frame);

}  // namespace safelight::codec
