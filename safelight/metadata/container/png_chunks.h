#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/base/byte_reader.h"
#include "safelight/base/result.h"
#include "safelight/metadata/container/byte_range.h"
#include "safelight/metadata/limits.h"

namespace safelight::metadata {

/// What stands before the first chunk.
inline constexpr std::string_view kPngSignature("\x89PNG\r\n\x1a\n", 8);

struct PngChunk {
  std::string_view type;      ///< Four bytes, a view into the file.
  uint64_t offset_bytes = 0;  ///< Of its length field.
  ByteRange data;             ///< The checksum of 4 bytes follows.
};

struct PngChunks {
  std::vector<PngChunk> chunks;              ///< In order, IEND included.
  std::optional<uint64_t> end_offset_bytes;  ///< Behind IEND: where trailing data begin.
  std::optional<Error> damage;               ///< Why the walk ended before IEND.

  /// The first chunk of a type.
  [[nodiscard]] const PngChunk* find(std::string_view type) const;
};

/// The chunks of a PNG file. Damage: malformed for another signature or a length of 2^31 and more;
/// truncated; limit_exceeded. Source: PNG specification, third edition, section 5.
PngChunks png_chunks(std::span<const std::byte> file, const MetadataLimits& limits);

/// The chunk at the reader's position, leaving the reader behind its checksum. Errors: truncated;
/// malformed for a length of 2^31 and more.
Result<PngChunk> next_png_chunk(ByteReader& in);

/// Whether the chunk's checksum fits its type and data. Reads them all.
bool png_checksum_fits(std::span<const std::byte> file, const PngChunk& chunk);

}  // namespace safelight::metadata
