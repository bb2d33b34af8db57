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

struct GifBlock {
  enum class Kind : uint8_t {
    header,           ///< Signature, screen descriptor and global palette.
    image,            ///< Descriptor, local palette and data.
    graphic_control,  ///< 21 F9
    comment,          ///< 21 FE
    plain_text,       ///< 21 01
    application,      ///< 21 FF
    other_extension,
    trailer,
  };
  Kind kind = Kind::other_extension;
  ByteRange whole;               ///< From its first byte to behind its terminator.
  std::string_view application;  ///< Of an application extension: identifier and code, 11 bytes.
  /// The data sub-blocks with their length bytes, the terminator included. In an application
  /// extension, those behind its identifier.
  ByteRange sub_blocks;
};

struct GifBlocks {
  std::vector<GifBlock> blocks;              ///< In order, from header to trailer.
  std::optional<uint64_t> end_offset_bytes;  ///< Behind the trailer: where trailing data begin.
  std::optional<Error> damage;               ///< Why the walk ended before it.
};

/// The blocks of a GIF file. Damage: malformed for another signature or an unknown block;
/// truncated; limit_exceeded. Source: GIF89a specification.
GifBlocks gif_blocks(std::span<const std::byte> file, const MetadataLimits& limits);

/// The data of sub-blocks, joined. Errors: truncated; limit_exceeded (rule "max_joined_bytes").
Result<std::vector<std::byte>> join_sub_blocks(std::span<const std::byte> file,
                                               ByteRange sub_blocks, const MetadataLimits& limits);

}  // namespace safelight::metadata
