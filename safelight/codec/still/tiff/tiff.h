#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "safelight/base/result.h"
#include "safelight/codec/decode.h"

namespace safelight::codec {

/// What a TIFF or BigTIFF file holds: size and orientation of its first picture; as members its
/// further pages, the pictures in sub-directories, and JPEG files that directories point to
/// (previews of cameras' raw formats). A member without a length is decoded by its index. Errors:
/// truncated or malformed up to the size of the first picture; limit_exceeded by max_side_pixels or
/// max_pixels.
Result<Layout> tiff_layout(std::span<const std::byte> file, const Limits& limits);

/// Decodes the first directory's picture, or that of `member`: grey, colour, palette and CMYK of 1
/// to 32 bits, integer or floating, in strips or tiles, in planes or not; what else libtiff can
/// convert by itself (YCbCr, Lab, old JPEG). Alpha is dropped, one that is multiplied in is undone
/// first; orientation and profiles are not applied. Damaged strips and rows of tiles are black.
/// Errors: as tiff_layout(); unsupported; limit_exceeded by max_decode_memory_bytes; not_found for
/// a member that is not there or is a file of its own; as libtiff reports where not one row came.
Result<Decoded> decode_tiff(std::span<const std::byte> file, std::optional<uint32_t> member,
                            const DecodeRequest& request);

}  // namespace safelight::codec
