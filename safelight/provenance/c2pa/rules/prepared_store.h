#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/provenance/c2pa/crypto/hash_algorithm.h"
#include "safelight/provenance/c2pa/rules/actions.h"
#include "safelight/provenance/c2pa/rules/ingredient.h"
#include "safelight/provenance/c2pa/status.h"
#include "safelight/provenance/c2pa/store/claim.h"
#include "safelight/provenance/c2pa/store/manifest_store.h"

namespace safelight::c2pa {

/// A manifest with what its boxes say, each read once.
struct PreparedManifest {
  struct IngredientEntry {
    const Assertion* assertion = nullptr;
    Result<Ingredient> ingredient;
  };
  struct ActionsEntry {
    const Assertion* assertion = nullptr;
    Result<Actions> actions;
  };

  const Manifest* manifest = nullptr;
  std::optional<Claim> claim;
  std::optional<Error> claim_error;  ///< Where there is one claim box and it cannot be read.
  std::vector<IngredientEntry> ingredients;
  std::vector<ActionsEntry> actions;

  [[nodiscard]] std::string_view label() const { return manifest->label; }
  [[nodiscard]] std::string uri(std::string_view path = {}) const {
    return jumbf_uri(manifest->label, path);
  }
  [[nodiscard]] std::string assertion_uri(const Assertion& assertion) const {
    return uri("c2pa.assertions/" + std::string(assertion.label));
  }
  [[nodiscard]] std::string signature_uri() const { return uri("c2pa.signature"); }
};

/// A store with its manifests read, and the digests of its boxes as far as they were asked for.
class PreparedStore {
 public:
  PreparedStore(const ManifestStore& store, const Limits& limits);

  [[nodiscard]] const PreparedManifest& active() const { return manifests_.back(); }
  [[nodiscard]] const PreparedManifest* find(std::string_view label) const;
  [[nodiscard]] const std::vector<PreparedManifest>& manifests() const { return manifests_; }

  /// What the ingredient assertions of all manifests recorded, up to max_statuses entries.
  [[nodiscard]] const std::set<RecordedStatus>& recorded() const { return recorded_; }

  /// The digest of a box's payload; each is made once.
  const std::vector<std::byte>& hash(const JumbfBox& box, HashAlgorithm algorithm);

 private:
  std::vector<PreparedManifest> manifests_;
  std::map<std::string_view, const PreparedManifest*> by_label_;
  std::set<RecordedStatus> recorded_;
  std::map<std::pair<const JumbfBox*, HashAlgorithm>, std::vector<std::byte>> hashes_;
};

/// What can be reached from the active manifest.
struct ReferenceGraph {
  std::set<std::string, std::less<>> redacted_manifests;  ///< Labels of what redactions are about.
  std::set<std::string_view> reached;                     ///< Labels.
  std::set<std::string> redactions;           ///< Absolute URIs that any reached claim redacts.
  const PreparedManifest* binding = nullptr;  ///< Whose hard binding speaks for the asset.
  bool cyclic = false;
};

/// Walks the ingredients from the active manifest on. Notes missing ingredient manifests, cycles
/// (assertion.ingredient.malformed) and manifests that nothing refers to.
ReferenceGraph walk_references(const PreparedStore& store, const Limits& limits, StatusLog& log);

}  // namespace safelight::c2pa
