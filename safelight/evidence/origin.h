#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/hash/digests.h"

namespace safelight {

/// What kind of container a step goes into.
enum class StepKind : uint8_t {
  directory_entry = 1,  ///< A name below the source's root; one step holds the whole relative path.
  archive_member = 2,   ///< A member of a zip, tar, 7z ...
  embedded_picture = 3,  ///< A further still inside a picture file: frame, page, item, thumbnail.
};

/// One step on the way from an evidence source to an item.
struct OriginStep {
  StepKind kind = StepKind::directory_entry;
  uint64_t ordinal = 0;       ///< Index among the container's children; 0 for a directory entry.
  uint64_t offset_bytes = 0;  ///< Where it begins in its container, 0 where that is not known.
  std::string name;           ///< The raw bytes of its name: not necessarily UTF-8.
  friend auto operator<=>(const OriginStep&, const OriginStep&) = default;
};

/// Where an item was found, so that it can be found again with another tool.
struct Origin {
  std::string source_id;  ///< The evidence source's id in its case. Never a mount point.
  std::vector<OriginStep> steps;
  friend auto operator<=>(const Origin&, const Origin&) = default;

  /// The origin of a child of this item.
  [[nodiscard]] Origin child(OriginStep step) const;
};

/// Identity of an item: the SHA-256 of its origin's canonical encoding.
struct ItemId {
  Sha256 value;
  friend auto operator<=>(const ItemId&, const ItemId&) = default;
};

/// The canonical encoding: "SLO1", then source id and steps, every length in 4 bytes little-endian.
/// Described in docs/formats/origin.md.
std::vector<std::byte> encode(const Origin& origin);

/// Errors: truncated; malformed for a wrong tag, an unknown step kind or bytes left over.
Result<Origin> decode_origin(std::span<const std::byte> bytes);

/// The steps as a person reads them, such as `holiday/photos.zip!beach.jpg#frame 2`. Bytes that are
/// not printable UTF-8 are shown as \xNN, and a backslash as \\.
std::string display_path(const Origin& origin);

/// `raw` with what is not printable UTF-8 as \xNN and a backslash as \\.
std::string escape_name(std::string_view raw);

}  // namespace safelight

template <>
struct std::hash<safelight::ItemId> {
  size_t operator()(const safelight::ItemId& id) const noexcept {
    return std::hash<safelight::Sha256>{}(id.value);
  }
};
