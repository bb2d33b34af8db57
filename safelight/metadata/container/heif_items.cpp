#include "safelight/metadata/container/heif_items.h"

#include <algorithm>

#include "safelight/base/byte_reader.h"
#include "safelight/base/checked.h"

namespace safelight::metadata {
namespace {

constexpr uint64_t kFullBoxBytes = 4;

Result<uint64_t> unsigned_of(ByteReader& in, size_t bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes; ++i) {
    SAFELIGHT_TRY(const uint8_t byte, in.u8());
    value = value << 8 | byte;
  }
  return value;
}

/// A text up to its zero byte, or to the end of the box, which some writers let stand for it.
Result<std::string_view> terminated(ByteReader& in) {
  ByteReader ahead = in;
  SAFELIGHT_TRY(const std::string_view rest, ahead.text(ahead.remaining()));
  SAFELIGHT_TRY(const std::string_view text, in.text(std::min(rest.find('\0'), rest.size())));
  if (!in.at_end()) SAFELIGHT_CHECK(in.skip(1));
  return text;
}

class Reader {
 public:
  Reader(std::span<const std::byte> file, const MetadataLimits& limits)
      : file_(file), limits_(limits) {}

  HeifItems run(const BmffBox& meta) {
    const BmffBoxes parts = bmff_children(file_, meta, kFullBoxBytes, limits_);
    out_.damage = parts.damage;
    if (const BmffBox* data = parts.find("idat")) data_ = data->payload;
    if (const BmffBox* infos = parts.find("iinf")) note(read_infos(*infos));
    std::sort(out_.items.begin(), out_.items.end(),
              [](const HeifItem& a, const HeifItem& b) { return a.id < b.id; });
    if (const BmffBox* locations = parts.find("iloc")) note(read_locations(*locations));
    return std::move(out_);
  }

 private:
  void note(const Result<void>& done) {
    if (!done && !out_.damage) out_.damage = done.error();
  }

  Result<void> read_infos(const BmffBox& box) {
    ByteReader in(bytes_at(file_, box.payload), box.payload.offset_bytes);
    SAFELIGHT_TRY(const uint8_t version, in.u8());
    const uint64_t skipped = kFullBoxBytes + (version == 0 ? 2 : 4);
    const BmffBoxes entries = bmff_children(file_, box, skipped, limits_);
    for (const BmffBox& entry : entries.boxes) {
      if (entry.type != "infe") continue;
      if (out_.items.size() >= limits_.max_items) {
        return Error::at(ErrorCode::limit_exceeded, "max_items", entry.whole.offset_bytes);
      }
      SAFELIGHT_CHECK(read_info(entry));
    }
    if (entries.damage) return *entries.damage;
    return {};
  }

  Result<void> read_info(const BmffBox& box) {
    ByteReader in(bytes_at(file_, box.payload), box.payload.offset_bytes);
    SAFELIGHT_TRY(const uint8_t version, in.u8());
    SAFELIGHT_CHECK(in.skip(3));  // flags
    if (version < 2) return {};   // has no item type
    HeifItem item;
    SAFELIGHT_TRY(const uint64_t id, unsigned_of(in, version == 2 ? 2 : 4));
    item.id = static_cast<uint32_t>(id);
    SAFELIGHT_CHECK(in.skip(2));  // protection
    SAFELIGHT_TRY(item.type, in.text(4));
    if (item.type == "mime") {
      SAFELIGHT_TRY([[maybe_unused]] const std::string_view name, terminated(in));
      SAFELIGHT_TRY(item.content_type, terminated(in));
    }
    out_.items.push_back(std::move(item));
    return {};
  }

  Result<void> read_locations(const BmffBox& box) {
    ByteReader in(bytes_at(file_, box.payload), box.payload.offset_bytes);
    SAFELIGHT_TRY(const uint8_t version, in.u8());
    if (version > 2) {
      return Error::at(ErrorCode::unsupported, "heif.iloc-version", box.whole.offset_bytes);
    }
    SAFELIGHT_CHECK(in.skip(3));  // flags
    SAFELIGHT_TRY(const uint32_t sizes, in.u16_be());
    const Widths widths = {sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15,
                           version == 0 ? 0 : sizes & 15, version};
    SAFELIGHT_TRY(const uint64_t count, unsigned_of(in, version < 2 ? 2 : 4));
    for (uint64_t i = 0; i < count; ++i) SAFELIGHT_CHECK(read_location(in, widths));
    return {};
  }

  /// How many bytes each field of an item location has.
  struct Widths {
    size_t offset;
    size_t length;
    size_t base;
    size_t index;
    uint8_t version;
  };

  Result<void> read_location(ByteReader& in, const Widths& widths) {
    if (widths.offset > 8 || widths.length > 8 || widths.base > 8 || widths.index > 8) {
      return in.error(ErrorCode::malformed, "heif.iloc-widths");
    }
    SAFELIGHT_TRY(const uint64_t id, unsigned_of(in, widths.version < 2 ? 2 : 4));
    uint64_t method = 0;
    if (widths.version > 0) {
      SAFELIGHT_TRY(method, in.u16_be());
      method &= 15;
    }
    SAFELIGHT_TRY(const uint16_t reference, in.u16_be());
    SAFELIGHT_TRY(const uint64_t base, unsigned_of(in, widths.base));
    SAFELIGHT_TRY(const uint16_t count, in.u16_be());
    const auto item = std::lower_bound(
        out_.items.begin(), out_.items.end(), id,
        [](const HeifItem& candidate, uint64_t wanted) { return candidate.id < wanted; });
    const bool wanted = item != out_.items.end() && item->id == id && item->extents.empty() &&
                        reference == 0 && method <= 1;
    for (uint16_t i = 0; i < count; ++i) {
      if (++extents_ > limits_.max_item_extents) {
        return in.error(ErrorCode::limit_exceeded, "max_item_extents");
      }
      SAFELIGHT_CHECK(in.skip(widths.index));
      SAFELIGHT_TRY(const uint64_t offset, unsigned_of(in, widths.offset));
      SAFELIGHT_TRY(const uint64_t length, unsigned_of(in, widths.length));
      if (!wanted) continue;
      const ByteRange place = method == 0 ? ByteRange{0, file_.size()} : data_;
      SAFELIGHT_TRY(const ByteRange extent, extent_in(place, base, offset, length, in));
      item->extents.push_back(extent);
    }
    return {};
  }

  /// The part of `place` that an extent names; a length of 0 means all that is left of it.
  static Result<ByteRange> extent_in(ByteRange place, uint64_t base, uint64_t offset,
                                     uint64_t length, const ByteReader& in) {
    const auto begin = checked_add(base, offset);
    if (!begin || *begin > place.length_bytes) {
      return in.error(ErrorCode::truncated, "heif.item-extent");
    }
    const uint64_t left = place.length_bytes - *begin;
    return ByteRange{place.offset_bytes + *begin, length == 0 ? left : std::min(length, left)};
  }

  std::span<const std::byte> file_;
  const MetadataLimits& limits_;
  HeifItems out_;
  ByteRange data_;
  size_t extents_ = 0;
};

}  // namespace

HeifItems heif_items(std::span<const std::byte> file, const BmffBoxes& boxes,
                     const MetadataLimits& limits) {
  const BmffBox* meta = boxes.find("meta");
  return meta == nullptr ? HeifItems{} : Reader(file, limits).run(*meta);
}

Result<std::vector<std::byte>> join_extents(std::span<const std::byte> file,
                                            std::span<const ByteRange> extents,
                                            const MetadataLimits& limits) {
  if (extents.empty()) return Error{ErrorCode::not_found, "heif.item-extent"};
  std::vector<std::byte> joined;
  for (const ByteRange extent : extents) {
    const auto part = bytes_at(file, extent);
    if (part.size() > limits.max_joined_bytes - joined.size()) {
      return Error::at(ErrorCode::limit_exceeded, "max_joined_bytes", extent.offset_bytes);
    }
    joined.insert(joined.end(), part.begin(), part.end());
  }
  return joined;
}

}  // namespace safelight::metadata
