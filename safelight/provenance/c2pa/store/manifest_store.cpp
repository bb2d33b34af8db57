#include "safelight/provenance/c2pa/store/manifest_store.h"

#include <algorithm>
#include <unordered_set>

#include "safelight/provenance/c2pa/store/brotli.h"

namespace safelight::c2pa {
namespace {

void collect(const JumbfBox& store, std::vector<Assertion>& out) {
  for (const JumbfBox& box : store.children) {
    if (box.is_superbox()) out.push_back({box.label, &box});
  }
}

/// Sorts the boxes of a manifest by what they are.
void take_apart(const JumbfBox& box, Manifest& manifest) {
  manifest.box = &box;
  manifest.label = box.label;
  manifest.kind = box.holds("c2um") ? ManifestKind::update : ManifestKind::standard;
  for (const JumbfBox& child : box.children) {
    if (!child.is_superbox()) continue;
    if (child.holds("c2cl")) manifest.claims.push_back(&child);
    if (child.holds("c2cs")) manifest.signatures.push_back(&child);
    if (child.holds("c2as")) manifest.assertion_stores.push_back(&child);
    if (child.holds("c2db")) collect(child, manifest.data_boxes);
  }
  if (!manifest.assertion_stores.empty()) {
    collect(*manifest.assertion_stores.front(), manifest.assertions);
  }
}

std::span<const std::byte> payload_of(const JumbfBox& box, uint32_t type) {
  const JumbfBox* content = box.child(type);
  return content != nullptr ? content->payload : std::span<const std::byte>();
}

}  // namespace

std::span<const std::byte> Assertion::cbor() const { return payload_of(*box, four_cc("cbor")); }
std::span<const std::byte> Assertion::json() const { return payload_of(*box, four_cc("json")); }

std::string_view Assertion::base_label() const {
  const size_t instance = label.rfind("__");
  if (instance == std::string_view::npos || instance + 2 == label.size()) return label;
  const std::string_view digits = label.substr(instance + 2);
  const bool numeric = std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
  return numeric ? label.substr(0, instance) : label;
}

bool Assertion::is(std::string_view name) const {
  std::string_view base = base_label();
  if (!base.starts_with(name)) return false;
  base.remove_prefix(name.size());
  if (base.empty()) return true;
  return base.size() > 2 && base.starts_with(".v") &&
         std::ranges::all_of(base.substr(2), [](char c) { return c >= '0' && c <= '9'; });
}

const Assertion* Manifest::find(std::string_view wanted) const {
  const auto found = std::ranges::find(assertions, wanted, &Assertion::label);
  return found != assertions.end() ? &*found : nullptr;
}

const Manifest* ManifestStore::find(std::string_view label) const {
  const auto found = std::ranges::find(manifests_, label, &Manifest::label);
  return found != manifests_.end() ? &*found : nullptr;
}

Result<ManifestStore> ManifestStore::parse(std::span<const std::byte> bytes, const Limits& limits) {
  if (bytes.size() > limits.max_store_bytes) {
    return Error::at(ErrorCode::limit_exceeded, "max_store_bytes", 0);
  }
  ManifestStore store;
  SAFELIGHT_TRY(JumbfBox root, parse_jumbf(bytes, limits));
  store.root_ = std::make_unique<JumbfBox>(std::move(root));
  if (!store.root_->holds("c2pa") || store.root_->label != "c2pa") {
    return Error::at(ErrorCode::malformed, "c2pa.store", 0);
  }
  uint64_t expand_left = limits.max_expanded_bytes;
  std::unordered_set<std::string_view> labels;
  for (const JumbfBox& box : store.root_->children) {
    if (!box.is_superbox()) continue;
    if (store.manifests_.size() >= limits.max_manifests) {
      return Error::at(ErrorCode::limit_exceeded, "max_manifests", box.offset_bytes);
    }
    Manifest manifest;
    if (box.holds("c2cm")) {
      SAFELIGHT_CHECK(store.expand(box, manifest, expand_left, limits));
    } else if (box.holds("c2ma") || box.holds("c2md") || box.holds("c2um")) {
      take_apart(box, manifest);
    } else {
      continue;
    }
    if (manifest.label.empty() || !labels.insert(manifest.label).second) {
      return Error::at(ErrorCode::malformed, "c2pa.manifest-label", box.offset_bytes);
    }
    store.manifests_.push_back(std::move(manifest));
  }
  if (store.manifests_.empty()) {
    return Error::at(ErrorCode::malformed, "c2pa.no-manifest", 0);
  }
  return store;
}

Result<void> ManifestStore::expand(const JumbfBox& compressed, Manifest& manifest,
                                   uint64_t& bytes_left, const Limits& limits) {
  const JumbfBox* content = compressed.child(four_cc("brob"));
  if (content == nullptr) {
    return Error::at(ErrorCode::malformed, "c2pa.compressed-manifest", compressed.offset_bytes);
  }
  // The box is that of ISO/IEC 18181-2: the type of what is compressed, then the stream. Some
  // writers leave the type away.
  std::span<const std::byte> stream = content->payload;
  if (stream.size() >= 4 &&
      std::ranges::equal(stream.first(4), std::as_bytes(std::span("jumb", 4)))) {
    stream = stream.subspan(4);
  }
  SAFELIGHT_TRY(std::vector<std::byte> bytes, expand_brotli(stream, bytes_left));
  bytes_left -= bytes.size();
  const auto& kept = expanded_bytes_.emplace_back(std::move(bytes));
  auto inner = parse_jumbf(kept, limits);
  if (!inner) inner = parse_jumbf_payload(kept, limits);
  if (!inner) return inner.error();
  take_apart(expanded_boxes_.emplace_back(std::move(*inner)), manifest);
  manifest.compressed = &compressed;
  if (manifest.label != compressed.label) {
    return Error::at(ErrorCode::malformed, "c2pa.compressed-manifest", compressed.offset_bytes);
  }
  return {};
}

}  // namespace safelight::c2pa
