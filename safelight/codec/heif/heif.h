#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "safelight/base/limits.h"
#include "safelight/base/result.h"
#include "safelight/codec/decode.h"

namespace safelight::codec {

/// What decoding takes at most, a pixel: the codec's own picture, libheif's copy, one more for a
/// rotation or a change of depth, each of 4:4:4 in 8 bits or 4:2:0 in 16.
inline constexpr uint64_t kHeifBytesPerPixel = 12;

/// What a HEIF file (HEIC, AVIF) holds: the size of its primary picture as it is shown; as members
/// its other pictures and all thumbnails, to be decoded by their index; a film or other content
/// that was not looked at. Auxiliary pictures (alpha, depth, gain maps) are no members. Errors:
/// truncated, malformed, unsupported as libheif finds them, with the bytes that were handed to it
/// for an offset; limit_exceeded by max_side_pixels or max_pixels.
Result<Layout> heif_layout(std::span<const std::byte> file, const Limits& limits);

/// Decodes the primary picture, or that of `member`, to the samples that ImageMagick 6 gets: 4:2:0
/// in 8 bits, each chroma sample repeated, full-range BT.601 whatever the file states. Rotation,
/// mirroring and cropping of the file are carried out. Alpha is dropped, profiles are not applied.
/// Errors: as heif_layout(); limit_exceeded by max_decode_memory_bytes; not_found for a member that
/// is not there. There is no picture in part: libheif gives all of it or none.
Result<Decoded> decode_heif(std::span<const std::byte> file, std::optional<uint32_t> member,
                            const DecodeRequest& request);

}  // namespace safelight::codec
