#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "safelight/base/result.h"
#include "safelight/codec/decode.h"

namespace safelight::codec {

/// What a GIF file holds: the size of its first picture, the further ones as members, trailing
/// data. Errors: truncated or malformed up to the first picture; limit_exceeded by max_side_pixels
/// or max_pixels.
Result<Layout> gif_layout(std::span<const std::byte> file, const Limits& limits);

/// Decodes the first picture by itself, transparent pixels in the colour stored, as ImageMagick
/// does; or the canvas as it stands at picture `member` + 1. Errors: as gif_layout();
/// limit_exceeded by max_decode_memory_bytes; not_found for a member that is not there; truncated
/// or malformed where not even one row came.
Result<Decoded> decode_gif(std::span<const std::byte> file, std::optional<uint32_t> member,
                           const DecodeRequest& request);

}  // namespace safelight::codec
