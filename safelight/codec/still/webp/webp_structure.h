#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "safelight/base/limits.h"
#include "safelight/base/result.h"
#include "safelight/codec/canvas.h"

namespace safelight::codec {

/// One frame of an animation.
struct WebpFrame {
  uint64_t offset_bytes = 0;  ///< Of its ANMF chunk.
  FramePlace place;
  Disposal disposal = Disposal::keep;
  Blend blend = Blend::over;
  std::span<const std::byte> data;  ///< Its chunks: ALPH, VP8, VP8L; cut where the file is.
};

/// What the chunks of a WebP file say, without decoding anything.
struct WebpStructure {
  uint32_t width = 0;  ///< Of the canvas.
  uint32_t height = 0;
  uint64_t size_offset_bytes = 0;  ///< Where that is stated.
  bool animated = false;
  /// The animation in order, at most Limits::max_picture_members and the first.
  std::vector<WebpFrame> frames;
  uint64_t more_frames = 0;  ///< Beyond the limit.
  uint8_t exif_orientation = 1;
  uint64_t end_offset_bytes = 0;  ///< As the RIFF header states it; may lie beyond the file.
  std::optional<Error> damage;    ///< Why the walk ended early.
};

/// Walks the chunks. Errors: truncated or malformed up to the size of the picture.
/// Source: RFC 9649 section 2; RFC 6386 section 9.1 (VP8).
Result<WebpStructure> read_webp_structure(std::span<const std::byte> file, const Limits& limits);

}  // namespace safelight::codec
