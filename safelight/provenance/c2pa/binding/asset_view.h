#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/metadata/container/byte_range.h"
#include "safelight/metadata/read_metadata.h"
#include "safelight/provenance/c2pa/limits.h"

namespace safelight::c2pa {

using metadata::ByteRange;
using metadata::Container;
using metadata::container_of;

/// A whole file in memory.
struct AssetView {
  std::span<const std::byte> bytes;
  Container container = Container::none;
};

/// A piece of the file with the name that its container gives it, such as "APP1", "IDAT", "/moov".
/// Names are those that the specification uses for boxes (section 18.7.3 for JPEG, PNG and GIF).
struct AssetPart {
  std::string name;
  ByteRange range;
};

/// The name of what follows the end of the picture.
inline constexpr std::string_view kBehindPicture = "data behind the picture";

/// A manifest store as it is embedded.
struct EmbeddedStore {
  std::vector<std::byte> bytes;  ///< The JUMBF, joined where the file holds it in pieces.
  ByteRange range;               ///< What a data hash must leave out, framing included.
  /// Further ranges that are the store's: what a data hash may leave out of TIFF, and the box of
  /// updates of BMFF.
  std::vector<ByteRange> allowed;
};

/// What a file holds as far as its manifest store goes.
struct AssetLayout {
  std::vector<EmbeddedStore> stores;  ///< More than one is an error of the file's.
  std::vector<AssetPart> parts;       ///< In order; they need not fill the file.
  std::string remote_url;             ///< From XMP `dcterms:provenance`; "" where it names none.
  std::optional<Error> damage;        ///< Why the walk ended before the end of the container.
  std::optional<Error> refused;       ///< Why what is embedded cannot be a store.
};

/// Walks the container and joins the manifest stores that it embeds. Errors never stop it: what was
/// found up to the damage is in the layout.
/// Source: specification annex A; docs/c2pa.md has the table.
AssetLayout asset_layout(const AssetView& asset, const Limits& limits);

/// The names of the parts that a range touches, such as "APP1, APP13"; a run of one name is named
/// once, with its count.
std::string part_names(const AssetLayout& layout, ByteRange range);

}  // namespace safelight::c2pa
