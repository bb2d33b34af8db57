#include "safelight/provenance/c2pa/rules/claim_check.h"

#include <algorithm>
#include <array>

#include "safelight/provenance/c2pa/rules/action_rules.h"
#include "safelight/provenance/c2pa/store/json.h"

namespace safelight::c2pa {
namespace {

constexpr std::string_view kAssertionStore = "c2pa.assertions/";
constexpr std::array<std::string_view, 3> kHardBindings = {"c2pa.hash.data", "c2pa.hash.bmff",
                                                           "c2pa.hash.boxes"};

class ClaimCheck {
 public:
  ClaimCheck(const PreparedManifest& manifest, PreparedStore& store, const ReferenceGraph& graph,
             const Limits& limits, StatusLog& log)
      : manifest_(manifest),
        claim_(*manifest.claim),
        store_(store),
        graph_(graph),
        limits_(limits),
        log_(log) {}

  void run() {
    if (claim_.alg.empty()) {
      log_.failure(codes::kAlgorithmUnsupported, manifest_.uri(), "the claim names no algorithm");
    } else if (!hash_algorithm_of(claim_.alg)) {
      log_.failure(codes::kAlgorithmUnsupported, manifest_.uri(), claim_.alg);
    }
    check_redactions();
    check_parents();
    check_assertions();
    check_icons();
    check_action_rules(manifest_, graph_, store_, log_);
  }

 private:
  void check_redactions() {
    for (const std::string& uri : claim_.redactions) {
      const auto parts = parse_jumbf_uri(uri);
      const std::string_view label = parts ? parts->label() : std::string_view();
      if (!parts || parts->manifest.empty() || parts->manifest == manifest_.label()) {
        log_.failure(codes::kAssertionSelfRedacted, uri);
      }
      const Assertion named{label, nullptr};
      if (named.is("c2pa.actions")) log_.failure(codes::kActionRedacted, uri);
      if (is_hard_binding(named)) log_.failure(codes::kAssertionDataHashRedacted, uri);
    }
  }

  void check_parents() {
    const auto parents = std::ranges::count_if(manifest_.ingredients, [](const auto& entry) {
      return entry.ingredient && entry.ingredient->relationship == Relationship::parent_of;
    });
    if (manifest_.manifest->kind == ManifestKind::standard) {
      if (parents > 1) log_.failure(codes::kManifestMultipleParents, manifest_.uri());
      return;
    }
    if (parents == 0) log_.failure(codes::kManifestUpdateWrongParents, manifest_.uri());
    if (parents > 1) log_.failure(codes::kManifestUpdateInvalid, manifest_.uri(), "parents");
    const auto& assertions = manifest_.manifest->assertions;
    if (std::ranges::any_of(assertions, is_hard_binding)) {
      log_.failure(codes::kManifestUpdateInvalid, manifest_.uri(), "hard binding");
    }
    if (std::ranges::any_of(assertions, [](const Assertion& assertion) {
          return assertion.label.starts_with("c2pa.thumbnail.claim");
        })) {
      log_.failure(codes::kManifestUpdateInvalid, manifest_.uri(), "thumbnail");
    }
  }

  void check_assertions() {
    std::set<std::string_view> labels;
    for (const Assertion& assertion : manifest_.manifest->assertions) {
      if (!labels.insert(assertion.label).second) {
        log_.failure(codes::kClaimMalformed, manifest_.assertion_uri(assertion),
                     "two assertions of one label");
      }
    }
    std::set<std::string, std::less<>> declared;
    for (const auto* list : {&claim_.created, &claim_.gathered}) {
      for (const HashedUri& uri : *list) {
        if (!declared.insert(absolute_uri(manifest_.label(), uri.url)).second) {
          log_.failure(codes::kClaimMalformed, uri.url, "an assertion is listed twice");
          continue;
        }
        check_assertion(uri);
      }
    }
    for (const Assertion& assertion : manifest_.manifest->assertions) {
      const std::string uri = manifest_.assertion_uri(assertion);
      if (declared.count(uri) == 0) log_.failure(codes::kAssertionUndeclared, uri);
      check_encoding(assertion, uri);
    }
  }

  /// Whether anybody could read the assertion. Its meaning is not looked at here.
  void check_encoding(const Assertion& assertion, const std::string& uri) {
    const auto is_zero = [](std::byte b) { return b == std::byte{0}; };
    if (assertion.box->holds("cbor")) {
      const auto cbor = assertion.cbor();
      if (std::ranges::all_of(cbor, is_zero)) return;  // redacted
      const auto value = decode_cbor(cbor, limits_);
      // A key that comes twice is an ambiguity, but one that every reader passes over.
      const bool unreadable = !value && value.error().code != ErrorCode::limit_exceeded &&
                              value.error().rule != "cbor.duplicate-key";
      if (unreadable) {
        log_.failure(codes::kAssertionCborInvalid, uri, std::string(value.error().rule));
      }
    } else if (assertion.box->holds("json")) {
      const auto json = assertion.json();
      if (std::ranges::all_of(json, is_zero) || is_json(json)) return;
      log_.failure(codes::kAssertionJsonInvalid, uri);
    }
  }

  /// The pictures of programs that the claim and, in version 2, its actions refer to.
  void check_icons() {
    for (const HashedUri& icon : claim_.icons) check_icon(icon);
    if (claim_.version < 2) return;
    for (const auto& entry : manifest_.actions) {
      if (!entry.actions) continue;
      for (const HashedUri& icon : entry.actions->icons) check_icon(icon);
    }
  }

  void check_icon(const HashedUri& icon) {
    const auto parts = parse_jumbf_uri(icon.url);
    const std::string_view label = parts ? parts->label() : std::string_view();
    const Assertion* target = manifest_.manifest->find(label);
    for (const Assertion& box : manifest_.manifest->data_boxes) {
      if (target == nullptr && box.label == label) target = &box;
    }
    if (target == nullptr) {
      log_.failure(codes::kAssertionMissing, icon.url, "icon");
      return;
    }
    const auto algorithm = hash_algorithm_of(icon.alg.empty() ? claim_.alg : icon.alg);
    if (algorithm && store_.hash(*target->box, *algorithm) != icon.hash) {
      log_.failure(codes::kHashedUriMismatch, icon.url, "icon");
    }
  }

  void check_assertion(const HashedUri& uri) {
    const std::string absolute = absolute_uri(manifest_.label(), uri.url);
    const auto parts = parse_jumbf_uri(absolute);
    if (!parts || !parts->path.starts_with(kAssertionStore)) {
      log_.failure(codes::kHashedUriMismatch, uri.url, "not the URI of an assertion");
      return;
    }
    if (parts->manifest != manifest_.label()) {
      log_.failure(codes::kAssertionOutsideManifest, uri.url);
      return;
    }
    const Assertion* assertion =
        manifest_.manifest->find(parts->path.substr(kAssertionStore.size()));
    if (graph_.redactions.count(absolute) != 0) {
      check_redacted(assertion, absolute);
      return;
    }
    if (assertion == nullptr) {
      log_.failure(codes::kAssertionMissing, absolute);
      return;
    }
    const auto algorithm = hash_algorithm_of(uri.alg.empty() ? claim_.alg : uri.alg);
    if (!algorithm) {
      log_.failure(codes::kAlgorithmUnsupported, absolute, uri.alg);
    } else if (store_.hash(*assertion->box, *algorithm) != uri.hash) {
      log_.failure(codes::kHashedUriMismatch, absolute);
    } else {
      log_.success(codes::kHashedUriMatch, absolute);
    }
  }

  /// What was redacted is gone, or is zeros: else anything could stand there unhashed.
  void check_redacted(const Assertion* assertion, const std::string& uri) {
    if (assertion == nullptr) return;
    for (const JumbfBox& content : assertion->box->children) {
      if (std::ranges::any_of(content.payload, [](std::byte b) { return b != std::byte{0}; })) {
        log_.failure(codes::kAssertionNotRedacted, uri);
        return;
      }
    }
  }

  const PreparedManifest& manifest_;
  const Claim& claim_;
  PreparedStore& store_;
  const ReferenceGraph& graph_;
  const Limits& limits_;
  StatusLog& log_;
};

}  // namespace

bool has_readable_claim(const PreparedManifest& manifest, StatusLog& log) {
  const Manifest& boxes = *manifest.manifest;
  if (boxes.claims.empty()) {
    log.failure(codes::kClaimMissing, manifest.uri());
  } else if (boxes.claims.size() > 1) {
    log.failure(codes::kClaimMultiple, manifest.uri());
  } else if (manifest.claim_error) {
    const bool cbor = manifest.claim_error->rule.starts_with("cbor.") ||
                      manifest.claim_error->code != ErrorCode::malformed;
    log.failure(cbor ? codes::kClaimCborInvalid : codes::kClaimMalformed,
                manifest.uri(boxes.claims.front()->label), std::string(manifest.claim_error->rule));
  } else if (boxes.assertion_stores.size() != 1 ||
             boxes.assertion_stores.front()->label != "c2pa.assertions") {
    log.failure(codes::kClaimMalformed, manifest.uri(), "not one assertion store");
  } else if (boxes.claims.front()->label !=
             (manifest.claim->version == 2 ? "c2pa.claim.v2" : "c2pa.claim")) {
    log.failure(codes::kClaimMalformed, manifest.uri(),
                "a claim of another version than its label");
  } else if (manifest.claim->version == 2 && !is_manifest_label(manifest.label())) {
    // The rest can be checked whatever the manifest is called.
    log.failure(codes::kClaimMalformed, manifest.uri(), "the manifest's label");
    return true;
  } else {
    return true;
  }
  return false;
}

void check_claim(const PreparedManifest& manifest, PreparedStore& store,
                 const ReferenceGraph& graph, const Limits& limits, StatusLog& log) {
  ClaimCheck(manifest, store, graph, limits, log).run();
}

bool is_hard_binding(const Assertion& assertion) {
  return std::ranges::any_of(kHardBindings,
                             [&](std::string_view name) { return assertion.is(name); });
}

}  // namespace safelight::c2pa
