#include "safelight/provenance/c2pa/binding/data_hash.h"

#include <algorithm>

#include "safelight/base/checked.h"

namespace safelight::c2pa {
namespace {

bool zero_or_absent(const CborValue* pad) {
  if (pad == nullptr) return true;
  const auto bytes = pad->bytes();
  return bytes && std::ranges::all_of(*bytes, [](std::byte b) { return b == std::byte{0}; });
}

/// The ranges that the assertion leaves out, checked for order.
std::optional<std::vector<ByteRange>> exclusions_of(const CborValue& assertion,
                                                    const Limits& limits, std::string_view& rule) {
  std::vector<ByteRange> ranges;
  const CborValue* list = assertion.find("exclusions");
  if (list == nullptr || list->kind == CborKind::null) return ranges;
  rule = "data-hash.exclusions";
  if (list->kind != CborKind::array) return std::nullopt;
  if (list->items.size() > limits.max_exclusions) {
    rule = "max_exclusions";
    return std::nullopt;
  }
  uint64_t at = 0;
  for (const CborValue& item : list->items) {
    const CborValue* start = item.find("start");
    const CborValue* length = item.find("length");
    const auto offset = start != nullptr ? start->unsigned_value() : std::nullopt;
    const auto bytes = length != nullptr ? length->unsigned_value() : std::nullopt;
    if (!offset || !bytes) return std::nullopt;
    const auto end = checked_add(*offset, *bytes);
    rule = "data-hash.exclusion-order";
    if (*offset < at) return std::nullopt;
    rule = "data-hash.exclusion-outside-file";
    if (!end) return std::nullopt;
    rule = "data-hash.exclusions";
    at = *end;
    ranges.push_back({*offset, *bytes});
  }
  rule = {};
  return ranges;
}

/// A store that has grown by update manifests leaves the range that was excluded for it too short,
/// and everything behind it further on. What they redact may leave it too long instead.
void grow(std::vector<ByteRange>& ranges, const ByteRange& store) {
  const auto found = std::ranges::find(ranges, store.offset_bytes, &ByteRange::offset_bytes);
  if (found == ranges.end()) return;
  const uint64_t growth = store.length_bytes - std::min(store.length_bytes, found->length_bytes);
  *found = store;
  for (auto later = found + 1; later != ranges.end(); ++later) {
    later->offset_bytes = checked_add(later->offset_bytes, growth).value_or(UINT64_MAX);
  }
}

bool lies_in(const ByteRange& range, uint64_t file_bytes) {
  return range.offset_bytes <= file_bytes && range.length_bytes <= file_bytes - range.offset_bytes;
}

/// Whether what is left out is the manifest store, as it was found, and what it needs.
bool excludes_the_store(const std::vector<ByteRange>& ranges, const AssetLayout& layout) {
  if (layout.stores.empty()) return ranges.empty();
  return std::ranges::count(ranges, layout.stores.front().range) == 1;
}

bool is_additional(const ByteRange& range, const AssetLayout& layout) {
  if (layout.stores.empty()) return true;
  const EmbeddedStore& store = layout.stores.front();
  return range != store.range && std::ranges::count(store.allowed, range) == 0;
}

}  // namespace

BindingCheck check_data_hash(const CborValue& assertion, std::string_view claim_alg,
                             const AssetView& asset, const AssetLayout& layout, StoreGrowth growth,
                             const Limits& limits) {
  BindingCheck check;
  check.rule = "data-hash.fields";
  const CborValue* hash = assertion.find("hash");
  if (hash == nullptr || !hash->bytes() || assertion.find("url") != nullptr) return check;
  check.rule = "data-hash.padding";
  if (!zero_or_absent(assertion.find("pad")) || !zero_or_absent(assertion.find("pad2")))
    return check;
  check.rule = {};
  auto ranges = exclusions_of(assertion, limits, check.rule);
  if (!ranges) return check;
  const std::string own_alg = assertion.text_at("alg");
  const auto algorithm = hash_algorithm_of(own_alg.empty() ? claim_alg : own_alg);
  if (!algorithm) {
    check.verdict = BindingVerdict::unsupported;
    check.rule = "data-hash.algorithm";
    return check;
  }
  if (growth == StoreGrowth::updates && !layout.stores.empty()) {
    grow(*ranges, layout.stores.front().range);
  }
  const uint64_t file_bytes = asset.bytes.size();
  if (!std::ranges::all_of(*ranges, [&](const ByteRange& r) { return lies_in(r, file_bytes); })) {
    check.rule = "data-hash.exclusion-outside-file";
    return check;
  }
  check.additional_exclusions = std::ranges::any_of(
      *ranges, [&](const ByteRange& range) { return is_additional(range, layout); });
  check.uncovered = merged(*ranges, file_bytes);
  Hasher hasher(*algorithm);
  for (const ByteRange& range : complement(check.uncovered, file_bytes)) {
    hasher.update(metadata::bytes_at(asset.bytes, range));
  }
  check.hash_fits = std::ranges::equal(std::move(hasher).finish(), *hash->bytes());
  const bool store_excluded = excludes_the_store(*ranges, layout);
  check.verdict =
      check.hash_fits && store_excluded ? BindingVerdict::fits : BindingVerdict::mismatch;
  if (!check.hash_fits) {
    check.rule = "data-hash.hash";
  } else if (!store_excluded) {
    check.rule = "data-hash.exclusion-is-not-the-store";
  }
  return check;
}

}  // namespace safelight::c2pa
