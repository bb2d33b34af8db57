#include "safelight/provenance/c2pa/binding/asset_view.h"

#include <algorithm>
#include <array>

#include "safelight/base/byte_reader.h"
#include "safelight/metadata/container/bmff_boxes.h"
#include "safelight/provenance/c2pa/binding/asset_parts.h"

namespace safelight::c2pa {
namespace {

constexpr std::string_view kJxlSignature("\x00\x00\x00\x0cJXL \r\n\x87\n", 12);
constexpr size_t kMaxNames = 12;

}  // namespace

std::string_view to_text(Container container) {
  constexpr std::array<std::string_view, 8> kNames = {"JPEG", "PNG",  "RIFF",    "GIF",
                                                      "TIFF", "BMFF", "JPEG XL", "other"};
  return kNames[static_cast<size_t>(container)];
}

Container container_of(std::span<const std::byte> file) {
  const std::string_view head = metadata::text_at(file, {0, 16});
  if (head.starts_with("\xff\xd8\xff")) return Container::jpeg;
  if (head.starts_with("\x89PNG\r\n\x1a\n")) return Container::png;
  if (head.starts_with("RIFF")) return Container::riff;
  if (head.starts_with("GIF8")) return Container::gif;
  if (head.starts_with(kJxlSignature)) return Container::jpeg_xl;
  if (head.size() >= 12 && head.substr(4, 4) == "ftyp") return Container::bmff;
  constexpr std::array<std::string_view, 4> kTiff = {
      std::string_view("II*\0", 4), std::string_view("MM\0*", 4), std::string_view("II+\0", 4),
      std::string_view("MM\0+", 4)};
  if (std::ranges::any_of(kTiff, [&](std::string_view s) { return head.starts_with(s); })) {
    return Container::tiff;
  }
  return Container::other;
}

AssetLayout asset_layout(const AssetView& asset, const Limits& limits) {
  switch (asset.container) {
    case Container::jpeg:
      return jpeg_parts(asset.bytes, limits);
    case Container::png:
      return png_parts(asset.bytes, limits);
    case Container::riff:
      return riff_parts(asset.bytes, limits);
    case Container::gif:
      return gif_parts(asset.bytes, limits);
    case Container::tiff:
      return tiff_parts(asset.bytes, limits);
    case Container::bmff:
    case Container::jpeg_xl:
      return box_parts(asset.bytes, asset.container, limits);
    case Container::other:
      break;
  }
  return {};
}

std::string part_names(const AssetLayout& layout, ByteRange range) {
  std::vector<std::pair<std::string_view, size_t>> names;
  for (const AssetPart& part : layout.parts) {
    if (part.range.end_bytes() <= range.offset_bytes) continue;
    if (part.range.offset_bytes >= range.end_bytes()) continue;
    if (!names.empty() && names.back().first == part.name) {
      ++names.back().second;
    } else {
      names.emplace_back(part.name, 1);
    }
  }
  std::string text;
  for (size_t i = 0; i < std::min(names.size(), kMaxNames); ++i) {
    if (i != 0) text += ", ";
    text += names[i].first;
    if (names[i].second > 1) text += " x" + std::to_string(names[i].second);
  }
  if (names.size() > kMaxNames) text += " and more";
  return text;
}

}  // namespace safelight::c2pa
