#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "safelight/base/result.h"
#include "safelight/codec/decode.h"

namespace safelight::codec {

/// What libjxl takes while it decodes, a pixel and channel (extra ones included), and for the
/// samples that come out. Measured with 0.7 on 20 MP of three channels: 25 bytes a pixel for a
/// squeezed (responsive) lossless picture, 25 for a lossy modular one, 6 for an ordinary lossy one.
/// What a picture is of these stands behind its size, so the dearest counts.
inline constexpr uint64_t kJxlBytesPerChannel = 8;
inline constexpr uint64_t kJxlOutputBytes = 3;

/// What a JPEG XL file holds, bare or in boxes: size as stored, orientation, the further frames of
/// an animation as members, data behind a bare codestream. Errors: truncated or malformed up to the
/// size of the picture; limit_exceeded by max_side_pixels or max_pixels.
Result<Layout> jxl_layout(std::span<const std::byte> file, const Limits& limits);

/// Decodes the picture, or of an animation the first frame, or frame `member` + 1, each as it is
/// shown. Alpha is dropped, orientation not applied; samples of other depths become 8 bits by
/// rounding. A lossy picture (XYB) comes in sRGB, a lossless one in the profile of its own.
/// Errors: as jxl_layout(); limit_exceeded by max_decode_memory_bytes; not_found for a member that
/// is not there; truncated or malformed where nothing can be shown yet.
Result<Decoded> decode_jxl(std::span<const std::byte> file, std::optional<uint32_t> member,
                           const DecodeRequest& request);

}  // namespace safelight::codec
