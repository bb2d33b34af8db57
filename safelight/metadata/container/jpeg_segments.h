#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/metadata/container/byte_range.h"
#include "safelight/metadata/limits.h"

namespace safelight::metadata {

inline constexpr uint8_t kJpegStartOfImage = 0xd8;
inline constexpr uint8_t kJpegEndOfImage = 0xd9;
inline constexpr uint8_t kJpegStartOfScan = 0xda;
inline constexpr uint8_t kJpegApp0 = 0xe0;  ///< APPn is this plus n.
inline constexpr uint8_t kJpegComment = 0xfe;

/// A marker and what belongs to it.
struct JpegSegment {
  uint8_t code = 0;           ///< The marker's second byte.
  uint64_t offset_bytes = 0;  ///< Of the marker's 0xff. Fill and stray bytes before it are no part.
  ByteRange payload;          ///< Behind the length. Empty, behind the marker, where it has none.
  /// Behind a scan header: the entropy-coded data with the restart markers in it, up to the next
  /// segment or to the end of the file.
  ByteRange coded;
};

struct JpegSegments {
  std::vector<JpegSegment> segments;         ///< In order, from SOI to EOI.
  std::optional<uint64_t> end_offset_bytes;  ///< Behind EOI: where trailing data begin.
  std::optional<Error> damage;               ///< Why the walk ended before EOI.
};

/// The marker segments of the JPEG picture that `file` begins with. Stray bytes before a marker are
/// passed over, as decoders do; markers without a segment of their own (RSTn, TEM, a second SOI)
/// are not listed. Damage: malformed for a missing SOI or a length under 2; truncated;
/// limit_exceeded. Source: ITU-T T.81 annex B.
JpegSegments jpeg_segments(std::span<const std::byte> file, const MetadataLimits& limits);

}  // namespace safelight::metadata
