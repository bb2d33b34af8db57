#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/metadata/container/byte_range.h"
#include "safelight/metadata/limits.h"

namespace safelight::metadata {

/// An extended XMP packet of a JPEG file, put together from its segments.
struct ExtendedXmp {
  std::string guid;  ///< 32 characters, as the main packet's HasExtendedXMP names it.
  std::vector<std::byte> bytes;
  bool digest_fits = false;  ///< The GUID is the MD5 of the bytes, as it must be.
  ByteRange place;           ///< Of the data in its first segment.
};

struct ExtendedXmpPackets {
  std::vector<ExtendedXmp> packets;  ///< In the order in which they begin.
  std::vector<Error> damage;         ///< Of packets whose segments do not make a whole.
};

/// Joins segments (the data behind their signature, in the file's order). Segments may come in any
/// order, and must cover their packet once. Damage: truncated for a segment without its header or
/// a packet with gaps; malformed for overlaps and for segments of one packet that differ in its
/// length; limit_exceeded (rule "max_packet_bytes"). Memory: at most the segments' own.
/// Source: XMP part 3 section 1.1.3.1.
ExtendedXmpPackets join_extended_xmp(std::span<const std::byte> file,
                                     std::span<const ByteRange> segments,
                                     const MetadataLimits& limits);

}  // namespace safelight::metadata
