#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "safelight/base/result.h"
#include "safelight/codec/decode.h"

namespace safelight::codec {

/// What a WebP file holds: size, orientation (EXIF), the further frames of an animation as members,
/// trailing data. Errors: truncated or malformed up to the size of the picture; limit_exceeded by
/// max_side_pixels or max_pixels.
Result<Layout> webp_layout(std::span<const std::byte> file, const Limits& limits);

/// Decodes the picture, or of an animation the canvas at its first frame, or at frame `member` + 1.
/// Alpha is dropped; profiles are not applied. Errors: as webp_layout(); limit_exceeded by
/// max_decode_memory_bytes; not_found for a member that is not there; truncated or malformed where
/// not even one row came.
Result<Decoded> decode_webp(std::span<const std::byte> file, std::optional<uint32_t> member,
                            const DecodeRequest& request);

}  // namespace safelight::codec
