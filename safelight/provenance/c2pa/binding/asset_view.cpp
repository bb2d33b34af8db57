#include "safelight/provenance/c2pa/binding/asset_view.h"

#include <algorithm>

#include "safelight/provenance/c2pa/binding/asset_parts.h"

namespace safelight::c2pa {
namespace {

constexpr size_t kMaxNames = 12;

}  // namespace

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
    case Container::none:
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
