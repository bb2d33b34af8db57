#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/provenance/c2pa/store/hashed_uri.h"
#include "safelight/provenance/c2pa/store/manifest_store.h"

namespace safelight::c2pa {

enum class Relationship : uint8_t { parent_of, component_of, input_to, unknown };

/// A status that whoever added the ingredient recorded about it.
struct RecordedStatus {
  std::string code;
  std::string uri;  ///< Absolute.
  friend auto operator<=>(const RecordedStatus&, const RecordedStatus&) = default;
};

/// At most so many recorded statuses of one ingredient are read.
inline constexpr size_t kMaxRecorded = 5'000;

/// An ingredient assertion of any version (specification section 18.16).
struct Ingredient {
  int version = 1;
  std::string title;
  Relationship relationship = Relationship::unknown;
  std::optional<HashedUri> manifest;         ///< Of the ingredient's own manifest, in this store.
  std::optional<HashedUri> claim_signature;  ///< Version 3: of that manifest's signature.
  std::string digital_source_type;
  bool has_results = false;
  std::vector<RecordedStatus> recorded;

  /// The label of the manifest that it refers to; "" where it refers to none.
  [[nodiscard]] std::string_view manifest_label() const;
};

/// Errors: those of decode_cbor(); malformed ("ingredient.fields") for a version
/// that is not known, or without the fields that its version asks for.
Result<Ingredient> parse_ingredient(const Assertion& assertion, const Limits& limits);

}  // namespace safelight::c2pa
