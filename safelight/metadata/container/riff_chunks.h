#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/metadata/container/byte_range.h"
#include "safelight/metadata/limits.h"

namespace safelight::metadata {

struct RiffChunk {
  std::string_view type;      ///< Four bytes, a view into the file.
  uint64_t offset_bytes = 0;  ///< Of its type. A length of 4 bytes follows.
  ByteRange data;             ///< Without the zero byte that follows an odd length.
};

struct RiffChunks {
  std::string_view form;                     ///< "WEBP", "WAVE", "AVI " ..., a view into the file.
  std::vector<RiffChunk> chunks;             ///< Of the file's level, in order.
  std::optional<uint64_t> end_offset_bytes;  ///< Behind the RIFF chunk: where trailing data begin.
  std::optional<Error> damage;               ///< Why the walk ended before that.

  /// The first chunk of a type.
  [[nodiscard]] const RiffChunk* find(std::string_view type) const;
};

/// The chunks of a WebP, WAV or AVI file; those of a LIST on demand. Damage: malformed for another
/// signature; truncated, also where the RIFF header states more than the file holds;
/// limit_exceeded. Source: RFC 9649 section 2.3; Multimedia Programming Interface 1.0.
RiffChunks riff_chunks(std::span<const std::byte> file, const MetadataLimits& limits);

/// The chunks that a LIST chunk holds behind its type of four bytes, which becomes `form`.
RiffChunks riff_list(std::span<const std::byte> file, const RiffChunk& list,
                     const MetadataLimits& limits);

}  // namespace safelight::metadata
