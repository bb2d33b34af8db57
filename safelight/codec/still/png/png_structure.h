#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "safelight/base/limits.h"
#include "safelight/base/result.h"
#include "safelight/codec/canvas.h"
#include "safelight/metadata/container/byte_range.h"

namespace safelight::codec {

using metadata::ByteRange;

/// One frame of an animated PNG: its place, and the data of its IDAT chunks or of its fdAT chunks
/// behind their sequence numbers.
struct PngFrame {
  uint64_t offset_bytes = 0;  ///< Of its fcTL chunk.
  FramePlace place;
  Disposal disposal = Disposal::keep;
  Blend blend = Blend::replace;
  std::vector<ByteRange> data;
};

/// What the chunks of a PNG file say, without inflating anything.
struct PngStructure {
  uint32_t width = 0;
  uint32_t height = 0;
  ByteRange header;        ///< Data of IHDR.
  ByteRange palette;       ///< Data of PLTE, empty where there is none.
  ByteRange transparency;  ///< Data of tRNS, likewise.
  uint8_t exif_orientation = 1;
  /// The animation in order, at most Limits::max_picture_members and the first.
  std::vector<PngFrame> frames;
  bool main_is_first_frame = false;          ///< The picture that every viewer shows is frames[0].
  uint64_t more_frames = 0;                  ///< Beyond the limit.
  std::optional<uint64_t> end_offset_bytes;  ///< Behind IEND.
  std::optional<Error> damage;               ///< Why the walk ended before IEND.
};

/// Walks the chunks. Errors: truncated or malformed up to IHDR; unsupported (rule "png.cgbi") for
/// Apple's private variant. Source: PNG specification, third edition, sections 5 and 11.
Result<PngStructure> read_png_structure(std::span<const std::byte> file, const Limits& limits);

}  // namespace safelight::codec
