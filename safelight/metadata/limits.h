#pragma once

#include <cstddef>
#include <cstdint>

namespace safelight::metadata {

/// The bounds on what one file may make these parsers do. Each is reached as `limit_exceeded` with
/// its name as the rule.
struct MetadataLimits {
  size_t max_segments = 262'144;     ///< Marker segments, chunks, blocks or boxes of one list.
  size_t max_items = 65'536;         ///< Items of one HEIF file.
  size_t max_item_extents = 65'536;  ///< Extents of all its items together.
  uint64_t max_joined_bytes = 64ull << 20;  ///< What stands in pieces and is joined, each.
  size_t max_packet_bytes = 64u << 20;      ///< One XMP packet.
  size_t max_xmp_depth = 64;                ///< Elements inside elements.
  size_t max_xmp_properties = 262'144;      ///< Values of all packets of a file.
  size_t max_png_texts = 16'384;            ///< Text chunks of one PNG file.
  size_t max_blocks = 4096;           ///< Parts of one file that are read: EXIF, XMP, comments ...
  size_t max_text_bytes = 16u << 20;  ///< Texts that are kept, expanded, with their records.
  size_t max_notes = 64;              ///< Notes on damage in one structure; more are not kept.
};

}  // namespace safelight::metadata
