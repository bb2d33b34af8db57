#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "safelight/base/result.h"
#include "safelight/codec/decode.h"

namespace safelight::codec {

/// What a BMP file holds: size, trailing data, and as its one member the JPEG or PNG file that some
/// hold in place of pixels. Errors: those of read_bmp_header(); limit_exceeded by max_side_pixels
/// or max_pixels.
Result<Layout> bmp_layout(std::span<const std::byte> file, const Limits& limits);

/// Decodes the picture as ImageMagick 6 does: 1 to 8 bits through the palette, run lengths, 16, 24
/// and 32 bits with or without masks, from the bottom or the top; alpha is dropped. A file that is
/// not packed takes no memory. Errors: as bmp_layout(); unsupported (rule "bmp.packed-file") where
/// the pixels are a file of their own; limit_exceeded by max_decode_memory_bytes; not_found for any
/// member; truncated where not even one row is there.
Result<Decoded> decode_bmp(std::span<const std::byte> file, std::optional<uint32_t> member,
                           const DecodeRequest& request);

}  // namespace safelight::codec
