#include "safelight/provenance/c2pa/rules/prepared_store.h"

#include <algorithm>

namespace safelight::c2pa {
namespace {

PreparedManifest prepare(const Manifest& manifest, uint32_t& actions_left, const Limits& limits) {
  PreparedManifest prepared;
  prepared.manifest = &manifest;
  if (manifest.claims.size() == 1) {
    const JumbfBox* content = manifest.claims.front()->child(four_cc("cbor"));
    auto claim = content != nullptr ? parse_claim(content->payload, limits)
                                    : Error::at(ErrorCode::malformed, "cbor.none",
                                                manifest.claims.front()->offset_bytes);
    if (claim) prepared.claim = std::move(*claim);
    if (!claim) prepared.claim_error = claim.error();
  }
  for (const Assertion& assertion : manifest.assertions) {
    if (assertion.is("c2pa.ingredient")) {
      // An assertion that was redacted is zeros.
      const auto cbor = assertion.cbor();
      if (std::ranges::all_of(cbor, [](std::byte b) { return b == std::byte{0}; })) continue;
      prepared.ingredients.push_back({&assertion, parse_ingredient(assertion, limits)});
    } else if (assertion.is("c2pa.actions")) {
      auto actions = parse_actions(assertion, actions_left, limits);
      if (actions) actions_left -= static_cast<uint32_t>(actions->actions.size());
      prepared.actions.push_back({&assertion, std::move(actions)});
    }
  }
  return prepared;
}

class Walker {
 public:
  Walker(const PreparedStore& store, const Limits& limits, StatusLog& log)
      : store_(store), limits_(limits), log_(log) {}

  ReferenceGraph run() {
    visit(store_.active(), 0);
    graph_.binding = binding();
    for (const PreparedManifest& manifest : store_.manifests()) {
      if (graph_.reached.count(manifest.label()) == 0) {
        log_.note(codes::kManifestUnreferenced, manifest.uri());
      }
    }
    return std::move(graph_);
  }

 private:
  void visit(const PreparedManifest& manifest, uint32_t depth) {
    if (!graph_.reached.insert(manifest.label()).second) return;
    if (manifest.claim) {
      for (const std::string& uri : manifest.claim->redactions) {
        const std::string absolute = absolute_uri(manifest.label(), uri);
        if (const auto parts = parse_jumbf_uri(absolute)) {
          graph_.redacted_manifests.emplace(parts->manifest);
        }
        graph_.redactions.insert(absolute);
      }
    }
    path_.insert(manifest.label());
    for (const auto& entry : manifest.ingredients) {
      if (entry.ingredient) follow(manifest, entry, depth);
    }
    path_.erase(manifest.label());
  }

  void follow(const PreparedManifest& from, const PreparedManifest::IngredientEntry& entry,
              uint32_t depth) {
    const Ingredient& ingredient = *entry.ingredient;
    if (!ingredient.manifest) return;
    const std::string_view label = ingredient.manifest_label();
    const PreparedManifest* target = store_.find(label);
    if (target == nullptr) {
      log_.failure(codes::kIngredientManifestMissing, std::string(label));
    } else if (path_.count(label) != 0) {
      graph_.cyclic = true;
      log_.failure(codes::kIngredientMalformed, from.assertion_uri(*entry.assertion),
                   "an ingredient leads back to itself");
    } else if (depth >= limits_.max_ingredient_depth) {
      graph_.cyclic = true;
      log_.failure(codes::kIngredientMalformed, from.assertion_uri(*entry.assertion),
                   "max_ingredient_depth");
    } else {
      visit(*target, depth + 1);
    }
  }

  /// An update manifest binds no bytes itself: its parent does, or the parent's parent.
  [[nodiscard]] const PreparedManifest* binding() const {
    const PreparedManifest* manifest = &store_.active();
    for (uint32_t depth = 0; depth <= limits_.max_ingredient_depth; ++depth) {
      if (manifest == nullptr) return nullptr;
      if (manifest->manifest->kind == ManifestKind::standard) return manifest;
      const PreparedManifest* parent = nullptr;
      for (const auto& entry : manifest->ingredients) {
        if (entry.ingredient && entry.ingredient->relationship == Relationship::parent_of) {
          parent = store_.find(entry.ingredient->manifest_label());
        }
      }
      manifest = parent;
    }
    return nullptr;
  }

  const PreparedStore& store_;
  const Limits& limits_;
  StatusLog& log_;
  ReferenceGraph graph_;
  std::set<std::string_view> path_;
};

}  // namespace

PreparedStore::PreparedStore(const ManifestStore& store, const Limits& limits) {
  uint32_t actions_left = limits.max_actions;
  for (const Manifest& manifest : store.manifests()) {
    PreparedManifest& prepared = manifests_.emplace_back(prepare(manifest, actions_left, limits));
    for (auto& entry : prepared.ingredients) {
      if (!entry.ingredient) continue;
      for (RecordedStatus& status : entry.ingredient->recorded) {
        if (recorded_.size() < limits.max_statuses) recorded_.insert(std::move(status));
      }
      entry.ingredient->recorded = {};
    }
  }
  for (const PreparedManifest& manifest : manifests_) by_label_[manifest.label()] = &manifest;
}

const PreparedManifest* PreparedStore::find(std::string_view label) const {
  const auto found = by_label_.find(label);
  return found != by_label_.end() ? found->second : nullptr;
}

const std::vector<std::byte>& PreparedStore::hash(const JumbfBox& box, HashAlgorithm algorithm) {
  auto& digest = hashes_[{&box, algorithm}];
  if (digest.empty()) digest = hash_of(algorithm, box.payload);
  return digest;
}

ReferenceGraph walk_references(const PreparedStore& store, const Limits& limits, StatusLog& log) {
  return Walker(store, limits, log).run();
}

}  // namespace safelight::c2pa
