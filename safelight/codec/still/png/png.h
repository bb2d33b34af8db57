#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "safelight/base/result.h"
#include "safelight/codec/decode.h"

namespace safelight::codec {

/// What a PNG file holds, from its chunks: size, orientation (eXIf), the further frames of an
/// animation as members, trailing data. Errors: truncated or malformed up to IHDR; unsupported for
/// Apple's private variant; limit_exceeded by max_side_pixels or max_pixels.
Result<Layout> png_layout(std::span<const std::byte> file, const Limits& limits);

/// Decodes the main picture, or the canvas as it stands at frame `member` of an animation. Alpha is
/// dropped, a palette expanded, 16 bits become 8 (narrow_16_to_8); gamma and profiles are not
/// applied, but that the `nearest` of a coloured picture that states linear light is in sRGB, as
/// PDQ's reference gets it. A file without interlacing takes memory for a few rows only. A chunk
/// whose checksum is wrong is used, and the picture marked incomplete (integrity_mismatch). Errors:
/// as png_layout(); limit_exceeded by max_decode_memory_bytes; not_found for a member that is not
/// there; truncated or malformed where not even one row came.
Result<Decoded> decode_png(std::span<const std::byte> file, std::optional<uint32_t> member,
                           const DecodeRequest& request);

}  // namespace safelight::codec
