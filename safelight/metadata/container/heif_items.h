#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/metadata/container/bmff_boxes.h"
#include "safelight/metadata/container/byte_range.h"
#include "safelight/metadata/limits.h"

namespace safelight::metadata {

/// An item that the file-level "meta" box of a HEIF or AVIF file declares.
struct HeifItem {
  uint32_t id = 0;
  std::string_view type;          ///< "Exif", "mime", "hvc1" ..., a view into the file.
  std::string_view content_type;  ///< Of a "mime" item, such as "application/rdf+xml". Likewise.
  /// Where its bytes stand in the file, in order. Empty where the file does not say, or says it in
  /// a way that is not read (inside another item or file).
  std::vector<ByteRange> extents;
};

struct HeifItems {
  std::vector<HeifItem> items;
  std::optional<Error> damage;  ///< Why not all were read.
};

/// The items of the first "meta" box among `boxes`, the file's top level; none where there is no
/// such box. Locations: iloc versions 0 to 2, construction methods 0 (file) and 1 (idat). Extents
/// are cut at the end of the file. Damage: truncated; malformed; unsupported versions;
/// limit_exceeded. Source: ISO/IEC 14496-12 sections 8.11.1, 8.11.3, 8.11.6 and 8.11.11.
HeifItems heif_items(std::span<const std::byte> file, const BmffBoxes& boxes,
                     const MetadataLimits& limits);

/// The bytes of an item, joined. Errors: not_found for an item without extents; limit_exceeded
/// (rule "max_joined_bytes").
Result<std::vector<std::byte>> join_extents(std::span<const std::byte> file,
                                            std::span<const ByteRange> extents,
                                            const MetadataLimits& limits);

}  // namespace safelight::metadata
