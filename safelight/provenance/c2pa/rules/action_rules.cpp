#include "safelight/provenance/c2pa/rules/action_rules.h"

#include <algorithm>
#include <array>
#include <set>

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
    const PreparedManifest::ActionsEntry* beginning = find_beginning();
    if (beginning == nullptr && !update) {
      log_.failure(codes::kActionMalformed, manifest_.uri(), "neither created nor opened");
    }
    for (const auto& entry : manifest_.actions) {
      uri_ = manifest_.assertion_uri(*entry.assertion);
      if (!entry.actions || entry.actions->actions.empty()) {
        log_.failure(codes::kActionMalformed, uri_, "no actions");
        continue;
      }
      for (const Action& action : entry.actions->actions) {
        if (action.name.empty()) log_.failure(codes::kActionMalformed, uri_, "no name");
        if (action.begins_history() && beginning != nullptr && beginning != &entry) {
          log_.failure(codes::kActionMalformed, uri_, "created or opened, and not first");
        }
        check_action(action);
      }
    }
  }

 private:
  /// The first actions assertion among the created ones, or else among the gathered ones, where it
  /// begins with the asset's creation or opening.
  [[nodiscard]] const PreparedManifest::ActionsEntry* find_beginning() const {
    for (const auto* list : {&manifest_.claim->created, &manifest_.claim->gathered}) {
      std::set<std::string> listed;
      for (const HashedUri& uri : *list) listed.insert(absolute_uri(manifest_.label(), uri.url));
      const auto first = std::ranges::find_if(manifest_.actions, [&](const auto& entry) {
        return listed.count(manifest_.assertion_uri(*entry.assertion)) != 0;
      });
      if (first != manifest_.actions.end() && first->actions && !first->actions->actions.empty() &&
          first->actions->actions.front().begins_history()) {
        return &*first;
      }
    }
    return nullptr;
  }

  void check_update() {
    for (const auto& entry : manifest_.actions) {
      if (!entry.actions) continue;
      for (const Action& action : entry.actions->actions) {
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
      const auto parts = parse_jumbf_uri(uri);
      return parts && std::ranges::any_of(manifest_.ingredients, [&](const auto& entry) {
               return entry.ingredient && entry.ingredient->relationship == relationship &&
                      entry.assertion->label == parts->label();
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
