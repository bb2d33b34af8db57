#include "safelight/provenance/c2pa/store/claim.h"

#include <algorithm>
#include <array>

namespace safelight::c2pa {
namespace {

constexpr std::array<std::string_view, 12> kVersion1Keys = {"alg",
                                                            "alg_soft",
                                                            "assertions",
                                                            "claim_generator",
                                                            "claim_generator_hints",
                                                            "claim_generator_info",
                                                            "dc:format",
                                                            "dc:title",
                                                            "instanceID",
                                                            "metadata",
                                                            "redacted_assertions",
                                                            "signature"};
constexpr std::array<std::string_view, 11> kVersion2Keys = {"alg",
                                                            "alg_soft",
                                                            "claim_generator_info",
                                                            "created_assertions",
                                                            "dc:title",
                                                            "gathered_assertions",
                                                            "instanceID",
                                                            "metadata",
                                                            "redacted_assertions",
                                                            "signature",
                                                            "specVersion"};

Error malformed(std::string_view rule, const CborValue& at) {
  return Error::at(ErrorCode::malformed, rule, at.offset_bytes);
}

Result<void> few_enough(const CborValue& list, const Limits& limits) {
  if (list.items.size() <= limits.max_assertions) return {};
  return Error::at(ErrorCode::limit_exceeded, "max_assertions", list.offset_bytes);
}

Result<void> known_keys(const CborValue& map, int version) {
  for (size_t i = 0; i < map.items.size(); i += 2) {
    const auto key = map.items[i].text();
    const bool known = key && (version == 1 ? std::ranges::count(kVersion1Keys, *key)
                                            : std::ranges::count(kVersion2Keys, *key)) != 0;
    if (!known) return malformed("claim.unknown-field", map.items[i]);
  }
  return {};
}

Result<std::vector<HashedUri>> hashed_uris(const CborValue* list, const Limits& limits) {
  std::vector<HashedUri> uris;
  if (list == nullptr) return uris;
  if (list->kind != CborKind::array) return malformed("claim.assertions", *list);
  SAFELIGHT_CHECK(few_enough(*list, limits));
  for (const CborValue& item : list->items) {
    auto uri = hashed_uri_of(&item);
    if (!uri) return malformed("claim.assertions", item);
    uris.push_back(std::move(*uri));
  }
  return uris;
}

Result<std::string> required_text(const CborValue& map, std::string_view key,
                                  std::string_view rule) {
  const CborValue* value = map.find(key);
  if (value == nullptr || !value->text()) return malformed(rule, map);
  return std::string(*value->text());
}

Result<void> read_generators(const CborValue& map, Claim& claim) {
  const CborValue* info = map.find("claim_generator_info");
  if (info == nullptr) {
    if (claim.version == 2) return malformed("claim.generator-info", map);
    return {};
  }
  const auto take = [&](const CborValue& item) {
    claim.generators.push_back(generator_text(item));
    if (auto icon = icon_of(item)) claim.icons.push_back(std::move(*icon));
  };
  if (info->kind == CborKind::map) {
    take(*info);
  } else if (info->kind == CborKind::array && claim.version == 1) {
    for (const CborValue& item : info->items) take(item);
  } else if (info->kind != CborKind::null || claim.version == 2) {
    return malformed("claim.generator-info", *info);
  }
  return {};
}

Result<void> read_redactions(const CborValue& map, const Limits& limits, Claim& claim) {
  const CborValue* list = map.find("redacted_assertions");
  if (list == nullptr || list->kind == CborKind::null) return {};
  if (list->kind != CborKind::array) return malformed("claim.redactions", *list);
  SAFELIGHT_CHECK(few_enough(*list, limits));
  for (const CborValue& item : list->items) {
    if (!item.text()) return malformed("claim.redactions", item);
    claim.redactions.emplace_back(*item.text());
  }
  return {};
}

}  // namespace

std::string generator_text(const CborValue& info) {
  if (const auto text = info.text()) return std::string(*text);
  std::string text = info.text_at("name");
  const std::string version = info.text_at("version");
  if (!version.empty()) text += ' ' + version;
  return text;
}

std::optional<HashedUri> icon_of(const CborValue& info) { return hashed_uri_of(info.find("icon")); }

Result<Claim> parse_claim(std::span<const std::byte> cbor, const Limits& limits) {
  SAFELIGHT_TRY(const CborValue map, decode_cbor(cbor, limits));
  if (map.kind != CborKind::map) return malformed("claim.map", map);
  const CborValue* assertions = map.find("assertions");
  const CborValue* created = map.find("created_assertions");
  if ((assertions == nullptr) == (created == nullptr)) return malformed("claim.assertions", map);

  Claim claim;
  claim.bytes = cbor;
  claim.version = assertions != nullptr ? 1 : 2;
  SAFELIGHT_CHECK(known_keys(map, claim.version));
  SAFELIGHT_TRY(claim.signature_uri, required_text(map, "signature", "claim.signature"));
  SAFELIGHT_TRY(claim.instance_id, required_text(map, "instanceID", "claim.instance-id"));
  claim.alg = map.text_at("alg");
  if (claim.version == 1) {
    SAFELIGHT_TRY(claim.claim_generator,
                  required_text(map, "claim_generator", "claim.claim-generator"));
    SAFELIGHT_CHECK(required_text(map, "dc:format", "claim.format"));
  }
  SAFELIGHT_CHECK(read_generators(map, claim));
  SAFELIGHT_TRY(claim.created, hashed_uris(claim.version == 1 ? assertions : created, limits));
  SAFELIGHT_TRY(claim.gathered, hashed_uris(map.find("gathered_assertions"), limits));
  SAFELIGHT_CHECK(read_redactions(map, limits, claim));
  return claim;
}

}  // namespace safelight::c2pa
