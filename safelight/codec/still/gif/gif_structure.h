#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "safelight/base/limits.h"
#include "safelight/base/result.h"
#include "safelight/codec/canvas.h"

namespace safelight::codec {

struct GifFrame {
  uint64_t offset_bytes = 0;  ///< Of its image descriptor.
  FramePlace place;
  Disposal disposal = Disposal::keep;
  std::optional<uint8_t> transparent_index;
};

/// What the blocks of a GIF file say, without decoding anything.
struct GifStructure {
  uint32_t screen_width = 0;
  uint32_t screen_height = 0;
  uint64_t first_block_offset_bytes = 0;  ///< Behind the global palette.
  /// The pictures in order, at most Limits::max_picture_members and the first.
  std::vector<GifFrame> frames;
  uint64_t more_frames = 0;                  ///< Beyond the limit.
  std::optional<uint64_t> end_offset_bytes;  ///< Behind the trailer.
  std::optional<Error> damage;               ///< Why the walk ended before it.
};

/// Walks the blocks. Errors: truncated or malformed up to the first block.
/// Source: GIF89a specification.
Result<GifStructure> read_gif_structure(std::span<const std::byte> file, const Limits& limits);

}  // namespace safelight::codec
