#include "safelight/base/number_text.h"
#include "safelight/base/time_text.h"
#include "safelight/serve/api/answers.h"
#include "safelight/serve/api/routes/route_groups.h"

namespace safelight::serve {
namespace {

constexpr size_t kMaxTextBytes = 1'024;
constexpr uint64_t kMaxDays = 3'660;
constexpr int64_t kDayNs = 86'400'000'000'000;

Response no_such_key() {
  return Response::problem(Status::not_found, "no-such-key", "There is no such key.");
}

std::optional<ApiKeyId> key_of(const Call& call) {
  const auto number = whole_number<int64_t>(call.request.parameter("key"));
  return number ? std::optional(ApiKeyId{*number}) : std::nullopt;
}

void write_key(JsonWriter& json, const ApiKey& key,
               const std::vector<MappedCertificate>& certificates) {
  json.begin_object().field("id", key.id.value).field("name", key.name);
  json.field("tenant", key.tenant).key("scopes").begin_array();
  for (size_t i = 0; i < kScopes; ++i) {
    const auto scope = static_cast<Scope>(i);
    if (key.scopes.holds(scope)) json.string(to_text(scope));
  }
  json.end_array().field("created", utc_text(key.created_ns));
  json.field("expires", utc_text(key.expires_ns));
  json.field("last_used", utc_text(key.last_used_ns));
  json.field("revoked", utc_text(key.revoked_ns)).key("certificates").begin_array();
  for (const MappedCertificate& one : certificates) {
    if (one.key == key.id) json.string(to_hex(one.fingerprint));
  }
  json.end_array().end_object();
}

Response list_keys(Call& call) {
  const auto certificates = call.services.keys.certificates();
  return json_answer([&](JsonWriter& json) {
    json.begin_object().key("keys").begin_array();
    for (const ApiKey& key : call.services.keys.all()) write_key(json, key, certificates);
    json.end_array().end_object();
  });
}

Response add_key(Call& call) {
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  const std::string name = body->text("name", kMaxTextBytes);
  const std::string tenant = body->text("tenant", kMaxTextBytes);
  Scopes scopes;
  std::string scope_names;
  for (const std::string& text : body->texts("scopes", kScopes, kMaxTextBytes)) {
    const auto scope = scope_from_text(text);
    if (!scope) return Response::problem(scope.error());
    scopes = *Scopes::from_bits(scopes.bits() | Scopes{*scope}.bits());
    scope_names += (scope_names.empty() ? "" : " ") + text;
  }
  std::optional<int64_t> expires_ns;
  if (body->has("days")) {
    const auto days = static_cast<int64_t>(body->number("days", kMaxDays));
    expires_ns = call.services.clock.now_ns() + days * kDayNs;
  }
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());
  call.services.record.add("key.add", actor_of(call),
                           {{"name", name}, {"tenant", tenant}, {"scopes", scope_names}});
  const auto issued = call.services.keys.add({name, tenant, scopes, expires_ns});
  if (!issued) return Response::problem(issued.error());
  return json_answer(
      [&](JsonWriter& json) {
        json.begin_object().field("id", issued->id.value);
        json.field("key", issued->text.view()).end_object();
      },
      Status::created);
}

Response revoke_key(Call& call) {
  const auto key = key_of(call);
  if (!key) return no_such_key();
  call.services.record.add("key.revoke", actor_of(call), {{"key", std::to_string(key->value)}});
  const auto done = call.services.keys.revoke(*key);
  return done ? Response::empty() : Response::problem(done.error());
}

Response add_certificate(Call& call) {
  const auto key = key_of(call);
  if (!key) return no_such_key();
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  const auto certificate = parse_hex<Sha256>(body->text("sha256", 2 * Sha256::kSize));
  if (!certificate) body->fail();
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());
  call.services.record.add(
      "certificate.add", actor_of(call),
      {{"certificate", to_hex(*certificate)}, {"key", std::to_string(key->value)}});
  const auto done = call.services.keys.map_certificate(*certificate, *key);
  return done ? Response::empty() : Response::problem(done.error());
}

Response remove_certificate(Call& call) {
  const auto certificate = parse_hex<Sha256>(call.request.parameter("certificate"));
  if (!certificate) {
    return Response::problem(Error{ErrorCode::not_found, "accounts.certificate"});
  }
  call.services.record.add("certificate.remove", actor_of(call),
                           {{"certificate", to_hex(*certificate)}});
  const auto done = call.services.keys.remove_certificate(*certificate);
  return done ? Response::empty() : Response::problem(done.error());
}

}  // namespace

void add_key_routes(RouteTable& table) {
  constexpr auto kManage = Access::to(Permission::manage_keys);
  table.add({Method::get, "/v1/keys", kManage, "listKeys", "The keys of programs", "", "Keys",
             list_keys});
  table.add({Method::post,
             "/v1/keys",
             kManage,
             "addKey",
             "Make a key; it is shown this once",
             "NewKey",
             "IssuedKey",
             add_key,
             ApiRoute::Load::light,
             {},
             Status::created});
  table.add(
      {Method::del, "/v1/keys/{key}", kManage, "revokeKey", "Revoke a key", "", "", revoke_key});
  table.add({Method::post, "/v1/keys/{key}/certificates", kManage, "addCertificate",
             "Let the holder of a client certificate do what a key may", "Certificate", "",
             add_certificate});
  table.add({Method::del, "/v1/certificates/{certificate}", kManage, "removeCertificate",
             "Let a client certificate stand for no key any more", "", "", remove_certificate});
}

}  // namespace safelight::serve
