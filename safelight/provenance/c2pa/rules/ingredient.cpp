#include "safelight/provenance/c2pa/rules/ingredient.h"

#include <charconv>

namespace safelight::c2pa {
namespace {

Relationship relationship_of(std::string_view name) {
  if (name == "parentOf") return Relationship::parent_of;
  if (name == "componentOf") return Relationship::component_of;
  if (name == "inputTo") return Relationship::input_to;
  return Relationship::unknown;
}

int version_in(std::string_view base_label) {
  const size_t dot = base_label.rfind(".v");
  int version = 1;
  if (dot != std::string_view::npos) {
    std::from_chars(base_label.data() + dot + 2, base_label.data() + base_label.size(), version);
  }
  return version;
}

void record_list(const CborValue* list, std::string_view manifest, Ingredient& ingredient) {
  if (list == nullptr || list->kind != CborKind::array) return;
  for (const CborValue& status : list->items) {
    if (ingredient.recorded.size() >= kMaxRecorded) return;
    const std::string url = status.text_at("url");
    ingredient.recorded.push_back({status.text_at("code"), absolute_uri(manifest, url)});
  }
}

void record_lists(const CborValue* results, std::string_view manifest, Ingredient& ingredient) {
  if (results == nullptr) return;
  for (const std::string_view kind : {"success", "informational", "failure"}) {
    record_list(results->find(kind), manifest, ingredient);
  }
}

void read_recorded(const CborValue& map, Ingredient& ingredient) {
  const std::string manifest(ingredient.manifest_label());
  record_list(map.find("validationStatus"), manifest, ingredient);
  const CborValue* results = map.find("validationResults");
  ingredient.has_results = results != nullptr && results->kind == CborKind::map;
  if (!ingredient.has_results) return;
  record_lists(results->find("activeManifest"), manifest, ingredient);
  const CborValue* deltas = results->find("ingredientDeltas");
  if (deltas == nullptr || deltas->kind != CborKind::array) return;
  for (const CborValue& delta : deltas->items) {
    record_lists(delta.find("validationDeltas"), manifest, ingredient);
  }
}

/// Version 3 asks for the relationship alone.
bool has_required_fields(const CborValue& map, const Ingredient& ingredient) {
  constexpr int kNewest = 3;
  if (ingredient.version < 1 || ingredient.version > kNewest) return false;
  if (ingredient.relationship == Relationship::unknown) return false;
  const auto has_text = [&](std::string_view key) {
    const CborValue* value = map.find(key);
    return value != nullptr && value->text();
  };
  if (ingredient.version == 1 && !has_text("instanceID")) return false;
  return ingredient.version == 3 || (has_text("dc:title") && has_text("dc:format"));
}

}  // namespace

std::string_view Ingredient::manifest_label() const {
  if (!manifest) return {};
  const auto uri = parse_jumbf_uri(manifest->url);
  return uri ? uri->manifest : std::string_view();
}

Result<Ingredient> parse_ingredient(const Assertion& assertion, const Limits& limits) {
  SAFELIGHT_TRY(const CborValue map, decode_cbor(assertion.cbor(), limits));
  if (map.kind != CborKind::map) return Error::at(ErrorCode::malformed, "ingredient.fields", 0);
  Ingredient ingredient;
  ingredient.version = version_in(assertion.base_label());
  ingredient.title = map.text_at("dc:title");
  ingredient.relationship = relationship_of(map.text_at("relationship"));
  ingredient.digital_source_type = map.text_at("digitalSourceType");
  if (!has_required_fields(map, ingredient)) {
    return Error::at(ErrorCode::malformed, "ingredient.fields", map.offset_bytes);
  }
  const CborValue* manifest = map.find("activeManifest");
  if (manifest == nullptr) manifest = map.find("c2pa_manifest");
  if (manifest != nullptr && manifest->kind != CborKind::null) {
    ingredient.manifest = hashed_uri_of(manifest);
    if (!ingredient.manifest) {
      return Error::at(ErrorCode::malformed, "ingredient.fields", manifest->offset_bytes);
    }
  }
  ingredient.claim_signature = hashed_uri_of(map.find("claimSignature"));
  read_recorded(map, ingredient);
  return ingredient;
}

}  // namespace safelight::c2pa
