#pragma once

#include <span>
#include <string_view>

#include "safelight/provenance/c2pa/binding/asset_view.h"

namespace safelight::c2pa {

// asset_layout() of one container each.
AssetLayout jpeg_parts(std::span<const std::byte> file, const Limits& limits);
AssetLayout png_parts(std::span<const std::byte> file, const Limits& limits);
AssetLayout riff_parts(std::span<const std::byte> file, const Limits& limits);
AssetLayout gif_parts(std::span<const std::byte> file, const Limits& limits);
AssetLayout tiff_parts(std::span<const std::byte> file, const Limits& limits);
/// The parts of the JPEG pictures that stand one right behind another from `offset_bytes` on, as in
/// files of several pictures (MPF, gain maps). What no longer is one is a last part, and so is what
/// is left once there are `max_parts`.
std::vector<AssetPart> further_jpeg_parts(std::span<const std::byte> file, uint64_t offset_bytes,
                                          size_t max_parts);
/// BMFF and JPEG XL.
AssetLayout box_parts(std::span<const std::byte> file, Container container, const Limits& limits);

/// The uuid of the BMFF box that holds a manifest store, or Merkle proofs.
extern const std::string_view kC2paBoxUuid;
/// The purpose that such a box states behind its version and flags ("manifest", "merkle" ...), and
/// where what follows it begins; nothing where it states none.
struct C2paBoxPurpose {
  std::string_view name;
  ByteRange rest;
};
std::optional<C2paBoxPurpose> c2pa_box_purpose(std::span<const std::byte> file, ByteRange payload);

/// The URL of a remote manifest in an XMP packet (`dcterms:provenance`, attribute or element); ""
/// where there is none, or where it points into the file itself.
std::string remote_url_in(std::string_view xmp);

}  // namespace safelight::c2pa
