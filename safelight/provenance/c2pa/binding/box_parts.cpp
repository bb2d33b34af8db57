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

/// The C2PA boxes of a BMFF file: a store in one box, or what it was at first in one and what was
/// added to it in another (specification 2.2, section A.5).
class C2paBoxes {
 public:
  C2paBoxes(std::span<const std::byte> file, const Limits& limits) : file_(file), limits_(limits) {}

  /// Whether the box holds a store or a part of one.
  bool take(const metadata::BmffBox& box) {
    constexpr uint64_t kMerkleOffset = 8;
    const auto purpose = c2pa_box_purpose(file_, box.payload);
    if (purpose && purpose->name == "merkle") return false;
    const uint64_t skipped =
        purpose ? std::min(kMerkleOffset, purpose->rest.length_bytes) : uint64_t{0};
    const Part part{purpose ? ByteRange{purpose->rest.offset_bytes + skipped,
                                        purpose->rest.length_bytes - skipped}
                            : ByteRange{},
                    box.whole};
    if (purpose && purpose->name == "manifest") {
      manifests_.push_back(part);
    } else if (purpose && purpose->name == "original") {
      originals_.push_back(part);
    } else if (purpose && purpose->name == "update") {
      updates_.push_back(part);
    } else {
      // A purpose that nobody knows hides a store from every reader.
      refused_ = Error::at(ErrorCode::malformed, "c2pa.box-purpose", box.whole.offset_bytes);
    }
    return true;
  }

  void finish(AssetLayout& layout) {
    for (const auto* parts : {&manifests_, &originals_}) {
      for (const Part& part : *parts) keep_store(layout, file_, part.jumbf, part.whole, limits_);
    }
    const bool paired = manifests_.empty() && originals_.size() == 1 && updates_.size() == 1;
    if (paired) {
      EmbeddedStore& store = layout.stores.front();
      store.allowed.push_back(updates_.front().whole);
      if (!append_update(store.bytes, metadata::bytes_at(file_, updates_.front().jumbf))) {
        refuse("c2pa.update-box", updates_.front());
      }
    } else if (!updates_.empty()) {
      refuse("c2pa.update-without-original", updates_.front());
    } else if (!originals_.empty()) {
      refuse("c2pa.original-without-update", originals_.front());
    }
    layout.refused = refused_;
  }

 private:
  struct Part {
    ByteRange jumbf;
    ByteRange whole;
  };

  void refuse(std::string_view rule, const Part& part) {
    refused_ = Error::at(ErrorCode::malformed, rule, part.whole.offset_bytes);
  }

  /// Puts the manifests of an update behind those of the store, as if all stood in one.
  bool append_update(std::vector<std::byte>& store, std::span<const std::byte> update) const {
    const auto first = content_of(store);
    const auto more = content_of(update);
    if (!first || !more || store.size() + more->size() > limits_.max_store_bytes) return false;
    ByteReader description(*more);
    const auto length = description.u32_be();
    if (!length || *length > more->size()) return false;
    const auto manifests = more->subspan(*length);
    std::vector<std::byte> joined;
    const uint64_t size = kHeaderBytes + first->size() + manifests.size();
    for (int shift = 24; shift >= 0; shift -= 8) {
      joined.push_back(static_cast<std::byte>(size >> shift));
    }
    joined.insert(joined.end(), store.begin() + 4, store.begin() + kHeaderBytes);
    joined.insert(joined.end(), first->begin(), first->end());
    joined.insert(joined.end(), manifests.begin(), manifests.end());
    store = std::move(joined);
    return true;
  }

  /// What a superbox with a short header holds.
  static std::optional<std::span<const std::byte>> content_of(std::span<const std::byte> bytes) {
    ByteReader in(bytes);
    const auto length = in.u32_be();
    if (!length || *length < kHeaderBytes || *length > bytes.size()) return std::nullopt;
    if (text_at(bytes, {4, 4}) != "jumb") return std::nullopt;
    return bytes.subspan(kHeaderBytes, *length - kHeaderBytes);
  }

  static constexpr size_t kHeaderBytes = 8;

  std::span<const std::byte> file_;
  const Limits& limits_;
  std::vector<Part> manifests_;
  std::vector<Part> originals_;
  std::vector<Part> updates_;
  std::optional<Error> refused_;
};

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
  C2paBoxes found(file, limits);
  // The general box hash names the boxes of JPEG XL by their type, BMFF hashes by their path.
  const std::string before_type = container == Container::jpeg_xl ? "" : "/";
  for (const metadata::BmffBox& box : boxes.boxes) {
    const bool store = box.uuid == kC2paBoxUuid && found.take(box);
    const bool jxl_store = container == Container::jpeg_xl && is_jumbf_store(file, box);
    if (jxl_store) keep_store(layout, file, box.whole, box.whole, limits);
    layout.parts.push_back(
        {store || jxl_store ? "C2PA" : before_type + std::string(box.type), box.whole});
    if ((box.uuid == kXmpBoxUuid || box.type == "xml ") && layout.remote_url.empty()) {
      layout.remote_url = remote_url_in(text_at(file, box.payload));
    }
  }
  found.finish(layout);
  if (layout.remote_url.empty() && container == Container::bmff) {
    find_heif_url(layout, file, boxes);
  }
  return layout;
}

}  // namespace safelight::c2pa
