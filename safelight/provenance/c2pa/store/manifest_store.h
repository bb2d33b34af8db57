#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/provenance/c2pa/limits.h"
#include "safelight/provenance/c2pa/store/jumbf.h"

namespace safelight::c2pa {

enum class ManifestKind : uint8_t { standard, update };

/// An assertion box and what its content is.
struct Assertion {
  std::string_view label;
  const JumbfBox* box = nullptr;

  /// The CBOR that the assertion holds; empty where it holds something else.
  [[nodiscard]] std::span<const std::byte> cbor() const;
  /// The same for JSON.
  [[nodiscard]] std::span<const std::byte> json() const;
  /// The label without its instance number: `c2pa.ingredient.v3` of `c2pa.ingredient.v3__2`.
  [[nodiscard]] std::string_view base_label() const;
  /// Whether the base label is `name`, or `name` with a version such as `.v2` behind it.
  [[nodiscard]] bool is(std::string_view name) const;
};

/// One manifest, taken apart into the boxes that the specification names. Nothing is checked yet
/// but that they are boxes.
struct Manifest {
  std::string_view label;
  ManifestKind kind = ManifestKind::standard;
  const JumbfBox* box = nullptr;         ///< Of a compressed manifest, of what it expands to.
  const JumbfBox* compressed = nullptr;  ///< The box as it is stored, where it is compressed.
  std::vector<const JumbfBox*> claims;
  std::vector<const JumbfBox*> signatures;
  std::vector<const JumbfBox*> assertion_stores;
  std::vector<Assertion> assertions;  ///< Of the first assertion store, in order.
  std::vector<Assertion> data_boxes;

  [[nodiscard]] const Assertion* find(std::string_view label) const;
};

/// A whole manifest store, in memory. Views into the bytes it was made of, which must outlive it.
class ManifestStore {
 public:
  /// Errors: those of parse_jumbf(); malformed ("c2pa.*") for a superbox that is no store, for a
  /// store without a manifest and for two manifests of one label; limit_exceeded by max_manifests,
  /// max_store_bytes or max_expanded_bytes.
  static Result<ManifestStore> parse(std::span<const std::byte> bytes, const Limits& limits);

  [[nodiscard]] const std::vector<Manifest>& manifests() const { return manifests_; }
  /// The manifest that speaks for the asset: the last one.
  [[nodiscard]] const Manifest& active() const { return manifests_.back(); }
  [[nodiscard]] const Manifest* find(std::string_view label) const;

 private:
  ManifestStore() = default;
  Result<void> expand(const JumbfBox& compressed, Manifest& manifest, uint64_t& bytes_left,
                      const Limits& limits);

  std::unique_ptr<JumbfBox> root_;
  std::deque<std::vector<std::byte>> expanded_bytes_;
  std::deque<JumbfBox> expanded_boxes_;
  std::vector<Manifest> manifests_;
};

}  // namespace safelight::c2pa
