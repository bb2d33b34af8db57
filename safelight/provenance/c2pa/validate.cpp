#include "safelight/provenance/c2pa/validate.h"

#include <algorithm>
#include <map>
#include <set>

#include "safelight/provenance/c2pa/binding/bmff_hash.h"
#include "safelight/provenance/c2pa/binding/box_hash.h"
#include "safelight/provenance/c2pa/binding/data_hash.h"
#include "safelight/provenance/c2pa/rules/claim_check.h"
#include "safelight/provenance/c2pa/rules/prepared_store.h"
#include "safelight/provenance/c2pa/rules/signature_check.h"
#include "safelight/provenance/c2pa/summary.h"

namespace safelight::c2pa {
namespace {

struct BindingCodes {
  std::string_view match;
  std::string_view mismatch;
  std::string_view malformed;
  std::string_view additional;
};

constexpr BindingCodes kDataCodes = {codes::kDataHashMatch, codes::kDataHashMismatch,
                                     codes::kDataHashMalformed,
                                     codes::kDataHashAdditionalExclusions};
constexpr BindingCodes kBmffCodes = {codes::kBmffHashMatch, codes::kBmffHashMismatch,
                                     codes::kBmffHashMalformed,
                                     codes::kBmffHashAdditionalExclusions};
constexpr BindingCodes kBoxesCodes = {codes::kBoxesHashMatch, codes::kBoxesHashMismatch,
                                      codes::kBoxesHashMalformed,
                                      codes::kBoxesHashAdditionalExclusions};

bool is_of(const EmbeddedStore& store, const ByteRange& range) {
  return range == store.range || std::ranges::count(store.allowed, range) != 0;
}

/// Checks one store against one asset.
class Validation {
 public:
  Validation(const AssetView& asset, const AssetLayout& layout, const ManifestStore& store,
             const Options& options, Report& report)
      : asset_(asset),
        layout_(layout),
        options_(options),
        report_(report),
        log_(options.limits.max_statuses),
        store_(store, options.limits) {}

  void run() {
    graph_ = walk_references(store_, options_.limits, log_);
    carried_ = carried_evidence(store_, graph_, options_.limits);
    const PreparedManifest& active = store_.active();
    const SignatureFacts facts = check_manifest(active);
    if (!graph_.cyclic) check_ingredients(active, 0);
    check_binding();
    if (log_.overflowed()) log_.failure(codes::kGeneralError, active.uri(), "max_statuses");
    report_.statuses = std::move(log_).take();
    mark_recorded(store_, report_);
    summarize(store_, graph_, facts, report_);
  }

 private:
  /// Checks a manifest, once: where it is reached again, the same is said of it again.
  SignatureFacts check_manifest(const PreparedManifest& manifest) {
    const auto [known, first] = checked_.try_emplace(manifest.label());
    if (!first) {
      log_.repeat(known->second.first, known->second.second);
      return {};
    }
    const size_t from = log_.entries().size();
    SignatureFacts facts;
    if (has_readable_claim(manifest, log_)) {
      facts = check_signature(manifest, carried_, options_.trust, options_.clock_s, options_.limits,
                              log_);
      check_claim(manifest, store_, graph_, options_.limits, log_);
    }
    known->second = {from, log_.entries().size()};
    return facts;
  }

  void check_ingredients(const PreparedManifest& manifest, uint32_t depth) {
    for (const auto& entry : manifest.ingredients) {
      const std::string uri = manifest.assertion_uri(*entry.assertion);
      if (!entry.ingredient) {
        log_.failure(codes::kIngredientMalformed, uri, std::string(entry.ingredient.error().rule));
        continue;
      }
      // About the manifest that says so, not about the one that it names.
      if (entry.ingredient->version >= 3 && entry.ingredient->manifest &&
          !entry.ingredient->digital_source_type.empty()) {
        log_.failure(codes::kIngredientMalformed, uri, "both a manifest and a source type");
      }
      const std::string before = log_.enter_ingredient(uri);
      check_ingredient(*entry.ingredient, uri, depth);
      log_.enter_ingredient(before);
    }
  }

  void check_ingredient(const Ingredient& ingredient, const std::string& uri, uint32_t depth) {
    if (!ingredient.manifest) {
      if (ingredient.relationship != Relationship::input_to) {
        log_.note(codes::kIngredientUnknownProvenance, uri, ingredient.title);
      }
      return;
    }
    if (ingredient.version >= 3 && !ingredient.has_results) {
      log_.failure(codes::kIngredientMalformed, uri, "no validation results");
    }
    const PreparedManifest* target = store_.find(ingredient.manifest_label());
    if (target == nullptr) {
      log_.failure(codes::kIngredientManifestMissing, std::string(ingredient.manifest_label()));
      return;
    }
    check_reference(ingredient, *target);
    check_manifest(*target);
    // A manifest that many refer to is walked into once.
    if (depth < options_.limits.max_ingredient_depth && walked_.insert(target->label()).second) {
      check_ingredients(*target, depth + 1);
    }
  }

  /// Whether the ingredient's manifest is the one that was there when it was added.
  void check_reference(const Ingredient& ingredient, const PreparedManifest& target) {
    const HashedUri& uri = *ingredient.manifest;
    const bool redacted = graph_.redacted_manifests.count(target.label()) != 0;
    if (redacted) {
      check_redacted_reference(ingredient, target);
    } else if (reference_fits(uri, *target.manifest->box, target) ||
               (target.manifest->compressed != nullptr &&
                reference_fits(uri, *target.manifest->compressed, target))) {
      log_.success(codes::kIngredientManifestValidated, uri.url);
    } else if (!is_claim_hash(uri, target)) {
      log_.failure(codes::kIngredientManifestMismatch, uri.url);
    }
  }

  /// A manifest that lost a redacted assertion has another hash: its signature has not.
  void check_redacted_reference(const Ingredient& ingredient, const PreparedManifest& target) {
    if (target.claim && target.claim->version < 2) return;
    const HashedUri& uri = *ingredient.manifest;
    if (!ingredient.claim_signature || target.manifest->signatures.size() != 1) {
      log_.failure(codes::kIngredientSignatureMissing, uri.url);
    } else if (reference_fits(*ingredient.claim_signature, *target.manifest->signatures.front(),
                              target)) {
      log_.success(codes::kIngredientSignatureValidated, uri.url);
    } else {
      log_.failure(codes::kIngredientSignatureMismatch, uri.url);
    }
  }

  bool reference_fits(const HashedUri& uri, const JumbfBox& box, const PreparedManifest& target) {
    const std::string_view alg =
        uri.alg.empty() && target.claim ? std::string_view(target.claim->alg) : uri.alg;
    const auto algorithm = hash_algorithm_of(alg);
    return algorithm && store_.hash(box, *algorithm) == uri.hash;
  }

  /// Before version 1.3 of the specification, the hash was that of the claim.
  bool is_claim_hash(const HashedUri& uri, const PreparedManifest& target) {
    if (!target.claim) return false;
    const JumbfBox* claim = target.manifest->claims.front()->child(four_cc("cbor"));
    return claim != nullptr && reference_fits(uri, *claim, target);
  }

  void check_binding() {
    const PreparedManifest* manifest = graph_.binding;
    report_.binding.uncovered = {{{0, asset_.bytes.size()}, {}, false}};
    if (manifest == nullptr) {
      log_.failure(codes::kHardBindingsMissing, store_.active().uri());
      return;
    }
    if (!manifest->claim) return;
    std::vector<const Assertion*> bindings;
    for (const Assertion& assertion : manifest->manifest->assertions) {
      if (is_hard_binding(assertion)) bindings.push_back(&assertion);
    }
    if (bindings.empty()) {
      log_.failure(codes::kHardBindingsMissing, manifest->uri());
    } else if (bindings.size() > 1) {
      log_.failure(codes::kMultipleHardBindings, manifest->uri());
    } else {
      check_binding(*manifest, *bindings.front());
    }
  }

  void check_binding(const PreparedManifest& manifest, const Assertion& assertion) {
    const std::string uri = manifest.assertion_uri(assertion);
    report_.binding.assertion = std::string(assertion.label);
    const auto value = decode_cbor(assertion.cbor(), options_.limits);
    if (!value) {
      log_.failure(codes::kAssertionCborInvalid, uri, std::string(value.error().rule));
      report_.binding.fits = Answer::no;
      report_.binding.rule = std::string(value.error().rule);
      return;
    }
    const std::string& alg = manifest.claim->alg;
    BindingCheck check;
    const BindingCodes* names = &kDataCodes;
    if (assertion.is("c2pa.hash.data")) {
      const StoreGrowth growth =
          &manifest == &store_.active() ? StoreGrowth::none : StoreGrowth::updates;
      check = check_data_hash(*value, alg, asset_, layout_, growth, options_.limits);
    } else if (assertion.is("c2pa.hash.bmff")) {
      names = &kBmffCodes;
      const int version = assertion.base_label().ends_with(".v3")   ? 3
                          : assertion.base_label().ends_with(".v2") ? 2
                                                                    : 1;
      check = check_bmff_hash(*value, version, alg, asset_, options_.limits);
    } else {
      names = &kBoxesCodes;
      check = check_box_hash(*value, alg, asset_, layout_, options_.limits);
    }
    report_binding(check, *names, uri);
  }

  void report_binding(const BindingCheck& check, const BindingCodes& names,
                      const std::string& uri) {
    const std::string rule(check.rule);
    switch (check.verdict) {
      case BindingVerdict::fits:
        log_.success(names.match, uri);
        report_.binding.fits = Answer::yes;
        break;
      case BindingVerdict::mismatch:
        log_.failure(names.mismatch, uri, rule);
        report_.binding.fits = Answer::no;
        break;
      case BindingVerdict::malformed:
        log_.failure(names.malformed, uri, rule);
        report_.binding.fits = Answer::no;
        break;
      case BindingVerdict::unsupported:
        log_.failure(
            rule.ends_with("algorithm") ? codes::kAlgorithmUnsupported : codes::kGeneralError, uri,
            rule);
        break;
    }
    if (check.additional_exclusions) log_.note(names.additional, uri);
    report_.binding.rule = rule;
    if (check.verdict == BindingVerdict::fits || check.verdict == BindingVerdict::mismatch) {
      report_.binding.hash_fits = check.hash_fits ? Answer::yes : Answer::no;
    }
    if (check.hash_fits) report_uncovered(check.uncovered);
  }

  void report_uncovered(const std::vector<ByteRange>& ranges) {
    report_.binding.uncovered.clear();
    report_.binding.covered_bytes = asset_.bytes.size();
    for (const ByteRange& range : ranges) {
      const bool is_store = !layout_.stores.empty() && is_of(layout_.stores.front(), range);
      report_.binding.uncovered.push_back({range, part_names(layout_, range), is_store});
      report_.binding.covered_bytes -= range.length_bytes;
    }
  }

  const AssetView& asset_;
  const AssetLayout& layout_;
  const Options& options_;
  Report& report_;
  StatusLog log_;
  PreparedStore store_;
  ReferenceGraph graph_;
  CarriedEvidence carried_;
  /// The statuses that the check of a manifest made, by their places in the log.
  std::map<std::string_view, std::pair<size_t, size_t>> checked_;
  std::set<std::string_view> walked_;
};

void refuse_store(Report& report, std::string_view code, const Error& error) {
  report.damage = error;
  report.structure = Answer::no;
  report.state = State::invalid;
  report.statuses.push_back(
      {code, StatusKind::failure, "self#jumbf=/c2pa", std::string(error.rule)});
}

void add_lists(const std::vector<TrustList>& lists, Report& report) {
  for (const TrustList& list : lists) {
    report.lists.push_back({list.name(), list.date(), list.sha256(), list.certificates().size(),
                            list.refused().size()});
  }
}

}  // namespace

Result<Report> validate(const AssetView& asset, const Options& options) {
  if (asset.container == Container::none && options.detached_store.empty()) {
    return Error::at(ErrorCode::unsupported, "c2pa.container", 0);
  }
  Report report;
  report.clock_s = options.clock_s;
  add_lists(options.trust.signers, report);
  add_lists(options.trust.allowed_signers, report);
  add_lists(options.trust.time_stampers, report);
  const AssetLayout layout = asset_layout(asset, options.limits);
  report.damage = layout.damage;
  report.remote_url = layout.remote_url;

  std::span<const std::byte> bytes;
  if (layout.refused) {
    report.place = StorePlace::embedded;
    refuse_store(report, codes::kGeneralError, *layout.refused);
    return report;
  }
  if (!layout.stores.empty()) {
    report.place = StorePlace::embedded;
    report.store_range = layout.stores.front().range;
    bytes = layout.stores.front().bytes;
  } else if (!options.detached_store.empty()) {
    report.place = StorePlace::beside;
    bytes = options.detached_store;
  } else {
    return report;
  }
  report.store_bytes = bytes.size();
  if (layout.stores.size() > 1) {
    refuse_store(
        report, codes::kGeneralError,
        Error::at(ErrorCode::malformed, "c2pa.two-stores", layout.stores[1].range.offset_bytes));
    return report;
  }
  const auto store = ManifestStore::parse(bytes, options.limits);
  if (!store) {
    refuse_store(report, codes::kGeneralError, store.error());
    return report;
  }
  Validation(asset, layout, *store, options, report).run();
  return report;
}

}  // namespace safelight::c2pa
