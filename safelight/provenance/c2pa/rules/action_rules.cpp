#include "safelight/provenance/c2pa/rules/action_rules.h"

#include <algorithm>
#include <array>

namespace safelight::c2pa {
namespace {

/// The actions that change nothing of the asset, and so may stand in an update manifest.
constexpr std::array<std::string_view, 4> kUpdateActions = {"c2pa.edited.metadata", "c2pa.opened",
                                                            "c2pa.published", "c2pa.redacted"};

class ActionRules {
 public:
  ActionRules(const PreparedManifest& manifest, const ReferenceGraph& graph,
              const PreparedStore& store, StatusLog& log)
      : manifest_(manifest), graph_(graph), store_(store), log_(log) {}

  void run() {
    const bool update = manifest_.manifest->kind == ManifestKind::update;
    if (update) check_update();
    if (manifest_.claim->version < 2) {
      if (manifest_.actions.size() > 1) {
        log_.failure(codes::kActionMalformed, manifest_.uri(), "two actions assertions");
      }
      return;
    }
    bool begun = false;
    for (const auto& entry : manifest_.actions) {
      uri_ = manifest_.assertion_uri(*entry.assertion);
      if (!entry.actions || entry.actions->empty()) {
        log_.failure(codes::kActionMalformed, uri_, "no actions");
        continue;
      }
      for (size_t i = 0; i < entry.actions->size(); ++i) {
        const Action& action = (*entry.actions)[i];
        if (action.name.empty()) log_.failure(codes::kActionMalformed, uri_, "no name");
        if (action.begins_history()) {
          if (i != 0 || begun) {
            log_.failure(codes::kActionMalformed, uri_, "created or opened, and not first");
          }
          begun = true;
        }
        check_action(action);
      }
    }
    if (!begun && !update) {
      log_.failure(codes::kActionMalformed, manifest_.uri(), "neither created nor opened");
    }
  }

 private:
  void check_update() {
    for (const auto& entry : manifest_.actions) {
      if (!entry.actions) continue;
      for (const Action& action : *entry.actions) {
        if (std::ranges::count(kUpdateActions, action.name) == 0) {
          log_.failure(codes::kManifestUpdateInvalid, manifest_.uri(), action.name);
        }
      }
    }
  }

  void check_action(const Action& action) {
    if (action.name == "c2pa.opened") {
      require_ingredient(action, Relationship::parent_of);
    } else if (action.name == "c2pa.placed" || action.name == "c2pa.removed") {
      require_ingredient(action, Relationship::component_of);
    } else if (action.name == "c2pa.transcoded" || action.name == "c2pa.repackaged") {
      if (action.has_ingredients) require_ingredient(action, Relationship::parent_of);
    } else if (action.name == "c2pa.redacted") {
      check_redacted(action);
    }
  }

  void require_ingredient(const Action& action, Relationship relationship) {
    const bool found = std::ranges::any_of(action.ingredient_uris, [&](const std::string& uri) {
      return std::ranges::any_of(manifest_.ingredients, [&](const auto& entry) {
        return entry.ingredient && entry.ingredient->relationship == relationship &&
               absolute_uri(manifest_.label(), uri) == manifest_.assertion_uri(*entry.assertion);
      });
    });
    if (!found) log_.failure(codes::kActionIngredientMismatch, uri_, action.name);
  }

  void check_redacted(const Action& action) {
    const std::string uri = absolute_uri(manifest_.label(), action.redacted_uri);
    const auto parts = parse_jumbf_uri(uri);
    const PreparedManifest* target = parts ? store_.find(parts->manifest) : nullptr;
    if (target == nullptr || !target->claim) {
      log_.failure(codes::kActionRedactionMismatch, uri_, action.redacted_uri);
      return;
    }
    if (graph_.redactions.count(uri) == 0) {
      log_.failure(codes::kAssertionNotRedacted, uri_, action.redacted_uri);
    }
  }

  const PreparedManifest& manifest_;
  const ReferenceGraph& graph_;
  const PreparedStore& store_;
  StatusLog& log_;
  std::string uri_;
};

}  // namespace

void check_action_rules(const PreparedManifest& manifest, const ReferenceGraph& graph,
                        const PreparedStore& store, StatusLog& log) {
  ActionRules(manifest, graph, store, log).run();
}

}  // namespace safelight::c2pa
