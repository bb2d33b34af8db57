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

struct BmffBox {
  std::string_view type;  ///< Four bytes, a view into the file.
  std::string_view uuid;  ///< Of a "uuid" box: its 16 bytes, likewise. Else empty.
  ByteRange whole;        ///< Header and payload.
  ByteRange payload;      ///< Behind length, type and uuid. A full box's version is part of it.
};

struct BmffBoxes {
  std::vector<BmffBox> boxes;   ///< Of one level, in order.
  std::optional<Error> damage;  ///< Why the walk ended before the end of the level.

  /// The first box of a type.
  [[nodiscard]] const BmffBox* find(std::string_view type) const;
};

/// The boxes that stand in `level`: a file, or the part of a box's payload where its children
/// begin. A length of 0 reaches to the end of the level. Damage: malformed for a length that does
/// not hold the header; truncated for a box beyond the level; limit_exceeded.
/// Source: ISO/IEC 14496-12 section 4.2. JPEG XL and JUMBF use the same boxes.
BmffBoxes bmff_boxes(std::span<const std::byte> file, ByteRange level,
                     const MetadataLimits& limits);

/// The boxes of the file's own level.
inline BmffBoxes bmff_boxes(std::span<const std::byte> file, const MetadataLimits& limits) {
  return bmff_boxes(file, {0, file.size()}, limits);
}

/// The children of a box, behind `skip_bytes` of its payload (4 for the version and flags of a full
/// box such as "meta").
BmffBoxes bmff_children(std::span<const std::byte> file, const BmffBox& box, uint64_t skip_bytes,
                        const MetadataLimits& limits);

}  // namespace safelight::metadata
