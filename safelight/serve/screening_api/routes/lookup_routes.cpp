#include <algorithm>
#include <utility>
#include <vector>

#include "safelight/base/json/json_object.h"
#include "safelight/base/json_writer.h"
#include "safelight/serve/screening_api/answers.h"
#include "safelight/serve/screening_api/routes/route_groups.h"

namespace safelight::serve {
namespace {

constexpr size_t kMaxTextBytes = 64;

Result<ListQuery> digest_query(std::string_view text) {
  ListQuery query;
  switch (text.size()) {
    case 2 * Md5::kSize: {
      SAFELIGHT_TRY(query.md5, parse_hex<Md5>(text));
      return query;
    }
    case 2 * Sha1::kSize: {
      SAFELIGHT_TRY(query.sha1, parse_hex<Sha1>(text));
      return query;
    }
    case 2 * Sha256::kSize: {
      SAFELIGHT_TRY(query.sha256, parse_hex<Sha256>(text));
      return query;
    }
    default:
      return Error{ErrorCode::malformed, "lookup.digest"};
  }
}

void write_hit(JsonWriter& json, const Hit& hit, bool with_distance) {
  json.begin_object().field("list", hit.list).field("entry", hit.entry_id);
  json.field("category", hit.category).field("disposition", to_text(hit.disposition));
  json.field("kind", to_text(hit.kind));
  if (with_distance && hit.kind == MatchKind::pdq) {
    json.field("distance", told_distance_bits(hit));
  }
  json.end_object();
}

Response answer_with(KeyCall& call, std::span<const MatchedItem> matched) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("found").begin_array();
  for (const MatchedItem& item : matched) {
    json.boolean(is_found(call.services.screener, item));
  }
  json.end_array();
  if (call.may(Permission::see_list)) {
    uint64_t told = 0;
    json.key("hits").begin_array();
    for (const MatchedItem& item : matched) {
      json.begin_array();
      for (const Hit& hit : item.hits) write_hit(json, hit, call.may(Permission::see_distance));
      json.end_array();
      told += item.hits.size();
    }
    json.end_array();
    about_to_tell(call, told);
  }
  json.end_object();
  return Response::json(Status::ok, std::move(out));
}

/// The texts of the one list that a query is, if the rate admits so many.
std::variant<std::vector<std::string>, Response> values_of(KeyCall& call, JsonObject& body,
                                                           const char* name) {
  auto values = body.texts(name, call.services.policy.max_values, kMaxTextBytes);
  if (const auto whole = body.finish(); !whole) return Response::problem(whole.error());
  const auto cost = static_cast<uint32_t>(values.size());
  if (const int64_t wait_ns = call.services.queries.take(call.key.id.value, cost); wait_ns > 0) {
    return over_rate(call.services, call.key.id, wait_ns);
  }
  call.services.activity.add(call.key.id.value, &KeyCounts::looked_up, cost);
  return values;
}

Response look_up_digests(KeyCall& call) {
  auto body = JsonObject::parse(call.request.body.text(), "request.json");
  if (!body) return Response::problem(body.error());
  auto values = values_of(call, *body, "digests");
  if (auto* refusal = std::get_if<Response>(&values)) return std::move(*refusal);
  std::vector<ListQuery> queries;
  for (const std::string& text : std::get<0>(values)) {
    auto query = digest_query(text);
    if (!query) return Response::problem(Error{ErrorCode::malformed, "lookup.digest"});
    queries.push_back(*query);
  }
  return answer_with(call, call.services.screener.lists().now()->match(queries));
}

Response look_up_fingerprints(KeyCall& call) {
  auto body = JsonObject::parse(call.request.body.text(), "request.json");
  if (!body) return Response::problem(body.error());
  const std::string mode_text =
      body->has("mode") ? body->text("mode", kMaxTextBytes) : std::string("reference");
  auto values = values_of(call, *body, "fingerprints");
  if (auto* refusal = std::get_if<Response>(&values)) return std::move(*refusal);
  const auto mode = pdq_mode_from_text(mode_text);
  if (!mode) return Response::problem(Error{ErrorCode::malformed, "lookup.mode"});
  std::vector<OrientedHash> hashes;
  for (const std::string& text : std::get<0>(values)) {
    const auto fingerprint = parse_fingerprint(text);
    if (!fingerprint) return Response::problem(Error{ErrorCode::malformed, "lookup.fingerprint"});
    hashes.push_back({{*fingerprint, *mode, kStatedQuality}, Orientation::original});
  }
  std::vector<ListQuery> queries(hashes.size());
  for (size_t i = 0; i < hashes.size(); ++i) {
    queries[i].fingerprints = std::span<const OrientedHash>(&hashes[i], 1);
  }
  return answer_with(call, call.services.screener.lists().now()->match(queries));
}

}  // namespace

bool is_found(const Screener& screener, const MatchedItem& item) {
  return std::ranges::any_of(item.hits,
                             [&](const Hit& hit) { return screener.holds(hit.disposition); });
}

void add_lookup_routes(KeyRouteTable& table) {
  table.add({Method::post, "/v1/lookup/digests", Permission::lookup, KeyChannel::any,
             "lookUpDigests", "Whether lists have digests", "DigestQuery", "LookedUp",
             look_up_digests, KeyRoute::Load::query});
  table.add({Method::post, "/v1/lookup/fingerprints", Permission::lookup, KeyChannel::any,
             "lookUpFingerprints", "Whether lists have fingerprints near these", "FingerprintQuery",
             "LookedUp", look_up_fingerprints, KeyRoute::Load::query});
}

void add_screening_routes(KeyRouteTable& table) {
  add_screen_routes(table);
  add_lookup_routes(table);
}

}  // namespace safelight::serve
