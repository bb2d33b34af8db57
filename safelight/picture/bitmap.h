#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "safelight/picture/picture.h"

namespace safelight {

/// Bytes of the file that write_bitmap() makes; 0 for a shape that such a file cannot hold: without
/// pixels, of other than 1 or 3 channels, or of 2^31 pixels a side or 2^32 bytes and more.
uint64_t bitmap_bytes(const PictureShape& shape);

/// Writes a picture as a BMP file of 24 bits a pixel, from the top: how pixels go from one program
/// to another that has a decoder for it. `out` has bitmap_bytes(picture.shape) bytes.
void write_bitmap(const Picture& picture, std::span<std::byte> out);

}  // namespace safelight
