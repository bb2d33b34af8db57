#include <algorithm>

#include "safelight/base/byte_reader.h"
#include "safelight/metadata/container/bmff_boxes.h"
#include "safelight/metadata/container/heif_items.h"
#include "safelight/provenance/c2pa/binding/asset_parts.h"

namespace safelight::c2pa {
namespace {

using metadata::bytes_at;
using metadata::text_at;

constexpr std::string_view kXmpBoxUuid(
    "\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac", 16);
constexpr std::string_view kXmpItemType = "application/rdf+xml";

void keep_store(AssetLayout& layout, std::span<const std::byte> file, ByteRange jumbf,
                ByteRange whole, const Limits& limits) {
  EmbeddedStore& store = layout.stores.emplace_back();
  store.range = whole;
  if (layout.stores.size() > 1) return;
  const auto bytes = bytes_at(
      file, {jumbf.offset_bytes, std::min(jumbf.length_bytes, limits.max_store_bytes + 1)});
  store.bytes.assign(bytes.begin(), bytes.end());
}

/// The manifest store in a C2PA box, where it holds one.
bool take_store(AssetLayout& layout, std::span<const std::byte> file, const metadata::BmffBox& box,
                const Limits& limits) {
  constexpr uint64_t kMerkleOffset = 8;
  const auto purpose = c2pa_box_purpose(file, box.payload);
  if (!purpose) return false;
  if (purpose->name == "update") {
    layout.damage = Error::at(ErrorCode::unsupported, "c2pa.update-box", box.whole.offset_bytes);
    return true;
  }
  if (purpose->name != "manifest" && purpose->name != "original") return false;
  const uint64_t skipped = std::min(kMerkleOffset, purpose->rest.length_bytes);
  keep_store(layout, file,
             {purpose->rest.offset_bytes + skipped, purpose->rest.length_bytes - skipped},
             box.whole, limits);
  return true;
}

/// The first XMP item of a HEIF file.
void find_heif_url(AssetLayout& layout, std::span<const std::byte> file,
                   const metadata::BmffBoxes& boxes) {
  for (const metadata::HeifItem& item : metadata::heif_items(file, boxes, {}).items) {
    if (item.content_type != kXmpItemType) continue;
    const auto xmp = metadata::join_extents(file, item.extents, {});
    if (!xmp) continue;
    layout.remote_url = remote_url_in({reinterpret_cast<const char*>(xmp->data()), xmp->size()});
    if (!layout.remote_url.empty()) return;
  }
}

bool is_jumbf_store(std::span<const std::byte> file, const metadata::BmffBox& box) {
  const std::string_view head = text_at(file, {box.payload.offset_bytes, 12});
  return box.type == "jumb" && head.size() == 12 && head.substr(4) == "jumdc2pa";
}

}  // namespace

const std::string_view kC2paBoxUuid(
    "\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81", 16);

std::optional<C2paBoxPurpose> c2pa_box_purpose(std::span<const std::byte> file, ByteRange payload) {
  constexpr uint64_t kVersionAndFlags = 4;
  constexpr uint64_t kMaxPurpose = 32;
  ByteReader in(bytes_at(file, payload), payload.offset_bytes);
  if (!in.skip(kVersionAndFlags)) return std::nullopt;
  const std::string_view text =
      text_at(file, {in.offset_bytes(), std::min<uint64_t>(in.remaining(), kMaxPurpose)});
  const size_t end = text.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  const uint64_t rest = in.offset_bytes() + end + 1;
  return C2paBoxPurpose{text.substr(0, end), {rest, payload.end_bytes() - rest}};
}

AssetLayout box_parts(std::span<const std::byte> file, Container container, const Limits& limits) {
  AssetLayout layout;
  const metadata::BmffBoxes boxes = metadata::bmff_boxes(file, {});
  layout.damage = boxes.damage;
  for (const metadata::BmffBox& box : boxes.boxes) {
    const bool store = box.uuid == kC2paBoxUuid ? take_store(layout, file, box, limits) : false;
    const bool jxl_store = container == Container::jpeg_xl && is_jumbf_store(file, box);
    if (jxl_store) keep_store(layout, file, box.whole, box.whole, limits);
    layout.parts.push_back({store || jxl_store ? "C2PA" : "/" + std::string(box.type), box.whole});
    if ((box.uuid == kXmpBoxUuid || box.type == "xml ") && layout.remote_url.empty()) {
      layout.remote_url = remote_url_in(text_at(file, box.payload));
    }
  }
  if (layout.remote_url.empty() && container == Container::bmff) {
    find_heif_url(layout, file, boxes);
  }
  return layout;
}

}  // namespace safelight::c2pa
