#include "safelight/provenance/c2pa/binding/box_hash.h"

#include <algorithm>
#include <array>

#include "safelight/base/checked.h"
#include "safelight/provenance/c2pa/binding/asset_parts.h"

namespace safelight::c2pa {
namespace {

constexpr std::string_view kStoreName = "C2PA";
constexpr std::string_view kPngHeaderName = "PNGh";
constexpr std::string_view kPictureStart = "SOI";

class BoxWalk {
 public:
  BoxWalk(const AssetView& asset, const AssetLayout& layout, std::string_view claim_alg,
          const Limits& limits)
      : asset_(asset),
        layout_(layout),
        max_parts_(limits.max_hash_boxes),
        parts_(layout.parts),
        claim_alg_(claim_alg) {}

  BindingCheck check(const CborValue& assertion) {
    const CborValue* groups = assertion.find("boxes");
    if (groups == nullptr || groups->kind != CborKind::array || groups->items.empty()) {
      return stop(BindingVerdict::malformed, "box-hash.fields");
    }
    if (parts_.size() > max_parts_) {
      return stop(BindingVerdict::unsupported, "max_hash_boxes");
    }
    // Old writers leave the signature of a PNG file out.
    if (first_name(groups->items.front()) != kPngHeaderName && !parts_.empty() &&
        parts_.front().name == kPngHeaderName) {
      ++next_;
    }
    const std::string own_alg = assertion.text_at("alg");
    if (!own_alg.empty()) claim_alg_ = own_alg;
    for (const CborValue& group : groups->items) {
      if (!take(group)) return std::move(check_);
    }
    return finish();
  }

 private:
  BindingCheck stop(BindingVerdict verdict, std::string_view rule) {
    fail(verdict, rule);
    return std::move(check_);
  }

  bool fail(BindingVerdict verdict, std::string_view rule) {
    check_.verdict = verdict;
    check_.rule = rule;
    check_.hash_fits = false;
    check_.uncovered = {{0, asset_.bytes.size()}};
    return false;
  }

  static std::string_view first_name(const CborValue& group) {
    const CborValue* names = group.find("names");
    if (names == nullptr || names->kind != CborKind::array || names->items.empty()) return {};
    return names->items.front().text().value_or(std::string_view());
  }

  /// Matches the names of one group with the next boxes of the file and checks their hash.
  bool take(const CborValue& group) {
    const CborValue* names = group.find("names");
    const CborValue* hash = group.find("hash");
    if (names == nullptr || names->kind != CborKind::array || names->items.empty() ||
        hash == nullptr || !hash->bytes()) {
      return fail(BindingVerdict::malformed, "box-hash.fields");
    }
    const size_t first = next_;
    for (const CborValue& name : names->items) {
      if (name.text() == kPictureStart) open_further_pictures();
      if (next_ >= parts_.size() || name.text() != parts_[next_].name) {
        return fail(BindingVerdict::mismatch, "box-hash.unknown-box");
      }
      ++next_;
    }
    const ByteRange whole{parts_[first].range.offset_bytes,
                          parts_[next_ - 1].range.end_bytes() - parts_[first].range.offset_bytes};
    const bool holds_store =
        std::any_of(parts_.begin() + static_cast<ptrdiff_t>(first),
                    parts_.begin() + static_cast<ptrdiff_t>(next_),
                    [](const AssetPart& part) { return part.name == kStoreName; });
    if (holds_store) {
      if (next_ - first != 1) return fail(BindingVerdict::malformed, "box-hash.store-in-group");
      return true;
    }
    const CborValue* excluded = group.find("excluded");
    if (excluded != nullptr && excluded->boolean().value_or(false)) {
      check_.additional_exclusions = true;
      return true;
    }
    return check_group(group, whole, first);
  }

  /// Signers may name the boxes of all pictures of a JPEG file, or those of the first alone.
  void open_further_pictures() {
    if (asset_.container != Container::jpeg || next_ + 1 != parts_.size() ||
        parts_[next_].name != kBehindPicture) {
      return;
    }
    const uint64_t offset_bytes = parts_[next_].range.offset_bytes;
    parts_.pop_back();
    const auto further = further_jpeg_parts(asset_.bytes, offset_bytes, max_parts_);
    parts_.insert(parts_.end(), further.begin(), further.end());
  }

  bool check_group(const CborValue& group, ByteRange whole, size_t first) {
    const std::string own_alg = group.text_at("alg");
    const auto algorithm = hash_algorithm_of(own_alg.empty() ? claim_alg_ : own_alg);
    if (!algorithm) return fail(BindingVerdict::unsupported, "box-hash.algorithm");
    std::vector<ByteRange> holes;
    if (!read_holes(group, first, holes)) return false;
    Hasher hasher(*algorithm);
    uint64_t at = whole.offset_bytes;
    for (const ByteRange& hole : holes) {
      cover({at, hole.offset_bytes - at}, hasher);
      at = hole.end_bytes();
    }
    cover({at, whole.end_bytes() - at}, hasher);
    if (!std::ranges::equal(std::move(hasher).finish(), *group.find("hash")->bytes())) {
      return fail(BindingVerdict::mismatch, "box-hash.hash");
    }
    return true;
  }

  void cover(ByteRange range, Hasher& hasher) {
    hasher.update(metadata::bytes_at(asset_.bytes, range));
    covered_.push_back(range);
  }

  /// The ranges that a group leaves out of its own boxes.
  bool read_holes(const CborValue& group, size_t first, std::vector<ByteRange>& holes) {
    const CborValue* list = group.find("exclusions");
    if (list == nullptr) return true;
    if (list->kind != CborKind::array || list->items.empty()) {
      return fail(BindingVerdict::malformed, "box-hash.exclusions");
    }
    const size_t count = next_ - first;
    for (const CborValue& item : list->items) {
      const CborValue* index = item.find("boxIndex");
      const CborValue* start = item.find("start");
      const CborValue* length = item.find("length");
      const uint64_t box = index != nullptr ? index->unsigned_value().value_or(count) : 0;
      const auto offset = start != nullptr ? start->unsigned_value() : std::nullopt;
      const auto bytes = length != nullptr ? length->unsigned_value() : std::nullopt;
      if ((index == nullptr && count != 1) || box >= count || !offset || !bytes) {
        return fail(BindingVerdict::malformed, "box-hash.exclusions");
      }
      const ByteRange& part = parts_[first + box].range;
      const auto end = checked_add(*offset, *bytes);
      const uint64_t at = part.offset_bytes + *offset;
      if (!end || *end > part.length_bytes || (!holes.empty() && at < holes.back().end_bytes())) {
        return fail(BindingVerdict::malformed, "box-hash.exclusions");
      }
      holes.push_back({at, *bytes});
    }
    check_.additional_exclusions = true;
    return true;
  }

  BindingCheck finish() {
    const uint64_t file_bytes = asset_.bytes.size();
    check_.uncovered = complement(merged(std::move(covered_), file_bytes), file_bytes);
    check_.hash_fits = true;
    check_.verdict = BindingVerdict::fits;
    // Data behind the end of the picture is no box; it is told as uncovered.
    if (next_ + 1 == parts_.size() && parts_.back().name == kBehindPicture) ++next_;
    if (next_ != parts_.size() || layout_.damage) {
      check_.verdict = BindingVerdict::mismatch;
      check_.rule = "box-hash.unknown-box";
    }
    return std::move(check_);
  }

  const AssetView& asset_;
  const AssetLayout& layout_;
  size_t max_parts_;
  std::vector<AssetPart> parts_;
  std::string claim_alg_;
  size_t next_ = 0;
  std::vector<ByteRange> covered_;
  BindingCheck check_;
};

}  // namespace

BindingCheck check_box_hash(const CborValue& assertion, std::string_view claim_alg,
                            const AssetView& asset, const AssetLayout& layout,
                            const Limits& limits) {
  constexpr std::array kContainers = {Container::jpeg, Container::png, Container::gif,
                                      Container::jpeg_xl};
  if (std::ranges::count(kContainers, asset.container) == 0) {
    BindingCheck check;
    check.verdict = BindingVerdict::unsupported;
    check.rule = "box-hash.container";
    check.uncovered = {{0, asset.bytes.size()}};
    return check;
  }
  return BoxWalk(asset, layout, claim_alg, limits).check(assertion);
}

}  // namespace safelight::c2pa
