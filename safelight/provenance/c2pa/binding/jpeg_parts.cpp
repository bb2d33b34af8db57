#include <algorithm>

#include "safelight/base/byte_reader.h"
#include "safelight/metadata/container/jpeg_segments.h"
#include "safelight/provenance/c2pa/binding/asset_parts.h"

namespace safelight::c2pa {
namespace {

constexpr uint8_t kApp1 = metadata::kJpegApp0 + 1;
constexpr uint8_t kApp11 = metadata::kJpegApp0 + 11;
constexpr std::string_view kXmp("http://ns.adobe.com/xap/1.0/\0", 29);

std::string segment_name(uint8_t code) {
  if (code >= 0xe0 && code <= 0xef) return "APP" + std::to_string(code - 0xe0);
  if (code >= 0xf0 && code <= 0xfd) return "JPG" + std::to_string(code - 0xf0);
  switch (code) {
    case 0xc4:
      return "DHT";
    case 0xc8:
      return "JPG";
    case 0xcc:
      return "DAC";
    case 0xd8:
      return "SOI";
    case 0xd9:
      return "EOI";
    case 0xda:
      return "SOS";
    case 0xdb:
      return "DQT";
    case 0xdc:
      return "DNL";
    case 0xdd:
      return "DRI";
    case 0xde:
      return "DHP";
    case 0xdf:
      return "EXP";
    case 0xfe:
      return "COM";
    default:
      break;
  }
  if (code >= 0xc0 && code <= 0xcf) return "SOF" + std::to_string(code - 0xc0);
  return "marker " + std::to_string(code);
}

ByteRange whole_of(const metadata::JpegSegment& segment) {
  const uint64_t end = std::max(segment.payload.end_bytes(), segment.coded.end_bytes());
  return {segment.offset_bytes, end - segment.offset_bytes};
}

/// The head of an APP11 segment that carries JUMBF (ISO/IEC 18477-3): which box, and its place in
/// the sequence of segments that make it up.
struct JumbfSegment {
  uint16_t instance = 0;
  uint32_t sequence = 0;
  ByteRange data;  ///< Box header included.
  bool starts_store = false;
};

std::optional<JumbfSegment> jumbf_segment(std::span<const std::byte> file, ByteRange payload) {
  ByteReader in(metadata::bytes_at(file, payload), payload.offset_bytes);
  const auto id = in.text(2);
  if (!id || *id != "JP") return std::nullopt;
  const auto instance = in.u16_be();
  const auto sequence = instance ? in.u32_be() : instance.error();
  if (!sequence) return std::nullopt;
  JumbfSegment segment{*instance, *sequence, {in.offset_bytes(), in.remaining()}, false};
  // Box header, description header, then the content type that begins with "c2pa".
  const std::string_view head = metadata::text_at(file, {segment.data.offset_bytes, 20});
  segment.starts_store = head.size() == 20 && head.substr(4, 4) == "jumb" &&
                         head.substr(12, 4) == "jumd" && head.substr(16, 4) == "c2pa";
  return segment;
}

/// Joins the segments of manifest stores as they come by.
class StoreJoiner {
 public:
  StoreJoiner(std::span<const std::byte> file, const Limits& limits, AssetLayout& layout)
      : file_(file), limits_(limits), layout_(layout) {}

  /// Whether the segment is one of a store's.
  bool take(const metadata::JpegSegment& segment) {
    const auto part = jumbf_segment(file_, segment.payload);
    if (!part) return false;
    if (open_ && part->instance == instance_ && part->sequence == sequence_ + 1 &&
        segment.offset_bytes == store().range.end_bytes()) {
      sequence_ = part->sequence;
      // The box header stands again at the head of every further segment.
      const uint64_t header = std::min<uint64_t>(8, part->data.length_bytes);
      append({part->data.offset_bytes + header, part->data.length_bytes - header});
      store().range.length_bytes = segment.payload.end_bytes() - store().range.offset_bytes;
      return true;
    }
    open_ = part->starts_store;
    if (!open_) return false;
    instance_ = part->instance;
    sequence_ = part->sequence;
    layout_.stores.emplace_back().range = {segment.offset_bytes,
                                           segment.payload.end_bytes() - segment.offset_bytes};
    append(part->data);
    return true;
  }

 private:
  EmbeddedStore& store() { return layout_.stores.back(); }

  void append(ByteRange range) {
    const auto data = metadata::bytes_at(file_, range);
    auto& bytes = store().bytes;
    // Two stores are refused as they are, and so is one over the limit.
    if (layout_.stores.size() > 1 || bytes.size() > limits_.max_store_bytes) return;
    bytes.insert(bytes.end(), data.begin(), data.end());
  }

  std::span<const std::byte> file_;
  const Limits& limits_;
  AssetLayout& layout_;
  bool open_ = false;
  uint16_t instance_ = 0;
  uint32_t sequence_ = 0;
};

void add_trailing(std::vector<AssetPart>& parts, uint64_t offset_bytes, uint64_t file_bytes) {
  if (offset_bytes >= file_bytes) return;
  parts.push_back({std::string(kBehindPicture), {offset_bytes, file_bytes - offset_bytes}});
}

}  // namespace

std::vector<AssetPart> further_jpeg_parts(std::span<const std::byte> file, uint64_t offset_bytes,
                                          size_t max_parts) {
  std::vector<AssetPart> parts;
  while (offset_bytes < file.size() && parts.size() < max_parts) {
    const auto rest = file.subspan(offset_bytes);
    const metadata::JpegSegments segments = metadata::jpeg_segments(rest, {});
    if (!segments.end_offset_bytes) break;
    for (const metadata::JpegSegment& segment : segments.segments) {
      ByteRange range = whole_of(segment);
      range.offset_bytes += offset_bytes;
      parts.push_back({segment_name(segment.code), range});
    }
    offset_bytes += *segments.end_offset_bytes;
  }
  add_trailing(parts, offset_bytes, file.size());
  return parts;
}

AssetLayout jpeg_parts(std::span<const std::byte> file, const Limits& limits) {
  AssetLayout layout;
  StoreJoiner joiner(file, limits, layout);
  const metadata::JpegSegments segments = metadata::jpeg_segments(file, {});
  layout.damage = segments.damage;
  for (const metadata::JpegSegment& segment : segments.segments) {
    const bool of_store = segment.code == kApp11 && joiner.take(segment);
    if (of_store && !layout.parts.empty() && layout.parts.back().name == "C2PA" &&
        layout.parts.back().range.offset_bytes == layout.stores.back().range.offset_bytes) {
      layout.parts.back().range = layout.stores.back().range;
      continue;
    }
    layout.parts.push_back({of_store ? "C2PA" : segment_name(segment.code), whole_of(segment)});
    if (segment.code == kApp1 && layout.remote_url.empty()) {
      const std::string_view text = metadata::text_at(file, segment.payload);
      if (text.starts_with(kXmp)) layout.remote_url = remote_url_in(text.substr(kXmp.size()));
    }
  }
  if (segments.end_offset_bytes) {
    add_trailing(layout.parts, *segments.end_offset_bytes, file.size());
  }
  return layout;
}

}  // namespace safelight::c2pa
