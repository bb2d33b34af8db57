#include "safelight/serve/accounts/api_key.h"

#include <algorithm>

#include "safelight/database/sql_text.h"
#include "safelight/serve/accounts/internal/store_state.h"
#include "safelight/serve/accounts/person.h"
#include "safelight/serve/accounts/secrets/token.h"

namespace safelight::serve {
namespace {

using database::Statement;
using State = AccountStore::State;

constexpr std::string_view kPrefix = "slk_";
constexpr int64_t kUseNotedEveryNs = 3'600'000'000'000;
constexpr std::string_view kSelectKey =
    "SELECT id, name, tenant, scopes, created_ns, expires_ns, last_used_ns, revoked_ns "
    "FROM api_keys";

ApiKey key_of(State& state, const Statement& row) {
  const auto scopes = Scopes::from_bits(row.integer(3));
  if (!scopes || scopes->empty()) state.refuse("scopes that are none");
  ApiKey key{ApiKeyId{row.integer(0)}, std::string(row.text(1)),
             std::string(row.text(2)), *scopes,
             row.integer(4),           time_of(row, 5),
             time_of(row, 6),          time_of(row, 7)};
  if (!check_name(key.name) || !check_name(key.tenant)) state.refuse("a name that is none");
  return key;
}

}  // namespace

Result<IssuedApiKey> ApiKeys::add(const NewApiKey& key) {
  SAFELIGHT_CHECK(check_name(key.name));
  SAFELIGHT_CHECK(check_name(key.tenant));
  const int64_t now_ns = clock_.now_ns();
  if (key.scopes.empty()) return Error{ErrorCode::malformed, "accounts.scopes"};
  if (key.expires_ns && *key.expires_ns <= now_ns) {
    return Error{ErrorCode::malformed, "accounts.key-expiry"};
  }
  Token token = make_token(random_, kPrefix);
  State& state = store_.state();
  State::Change change(state);
  Statement insert(state.connection(),
                   "INSERT INTO api_keys(digest, name, tenant, scopes, created_ns, expires_ns) "
                   "VALUES(?, ?, ?, ?, ?, ?)");
  insert.bind_blob(0, bytes_of(token.digest)).bind_text(1, key.name).bind_text(2, key.tenant);
  bind_time(insert.bind(3, key.scopes.bits()).bind(4, now_ns), 5, key.expires_ns).step();
  const ApiKeyId id{state.connection().last_row()};
  change.commit();
  return IssuedApiKey{id, std::move(token.text)};
}

std::optional<ApiKey> ApiKeys::find_where(std::string_view condition, const Bind& bind) {
  const int64_t now_ns = clock_.now_ns();
  State& state = store_.state();
  std::optional<ApiKey> key;
  {
    State::Question question(state, database::sql_text({kSelectKey, condition}));
    bind(question.statement());
    if (!question.statement().step()) return std::nullopt;
    key = key_of(state, question.statement());
  }
  if (key->revoked_ns || (key->expires_ns && *key->expires_ns <= now_ns)) return std::nullopt;
  if (!key->last_used_ns || now_ns - *key->last_used_ns >= kUseNotedEveryNs) {
    State::Change change(state);
    Statement touch(state.connection(), "UPDATE api_keys SET last_used_ns = ? WHERE id = ?");
    touch.bind(0, now_ns).bind(1, key->id.value).step();
    change.commit();
    key->last_used_ns = now_ns;
  }
  return key;
}

std::optional<ApiKey> ApiKeys::find(std::string_view text) {
  if (!text.starts_with(kPrefix)) return std::nullopt;
  const Sha256 digest = token_digest(text);
  return find_where(" WHERE digest = ?",
                    [&](Statement& row) { row.bind_blob(0, bytes_of(digest)); });
}

std::optional<ApiKey> ApiKeys::find(ApiKeyId id) {
  return find_where(" WHERE id = ?", [&](Statement& row) { row.bind(0, id.value); });
}

std::optional<ApiKey> ApiKeys::find_certificate(const Sha256& fingerprint) {
  return find_where(" WHERE id = (SELECT key FROM certificates WHERE fingerprint = ?)",
                    [&](Statement& row) { row.bind_blob(0, bytes_of(fingerprint)); });
}

std::vector<ApiKey> ApiKeys::all() const {
  State& state = store_.state();
  const State::Look look(state);
  std::vector<ApiKey> keys;
  Statement row(state.connection(), database::sql_text({kSelectKey, " ORDER BY id"}));
  while (row.step()) keys.push_back(key_of(state, row));
  return keys;
}

Result<void> ApiKeys::revoke(ApiKeyId id) {
  State& state = store_.state();
  State::Change change(state);
  Statement update(state.connection(),
                   "UPDATE api_keys SET revoked_ns = coalesce(revoked_ns, ?) WHERE id = ?");
  update.bind(0, clock_.now_ns()).bind(1, id.value).step();
  if (state.connection().changed_rows() == 0) return Error{ErrorCode::not_found, "accounts.key"};
  change.commit();
  return {};
}

Result<void> ApiKeys::map_certificate(const Sha256& fingerprint, ApiKeyId key) {
  State& state = store_.state();
  State::Change change(state);
  Statement known(state.connection(), "SELECT 1 FROM api_keys WHERE id = ?");
  if (!known.bind(0, key.value).step()) return Error{ErrorCode::not_found, "accounts.key"};
  known.reset();
  Statement insert(state.connection(),
                   "INSERT INTO certificates(fingerprint, key, added_ns) VALUES(?, ?, ?) "
                   "ON CONFLICT(fingerprint) DO UPDATE SET key = excluded.key, "
                   "added_ns = excluded.added_ns");
  insert.bind_blob(0, bytes_of(fingerprint)).bind(1, key.value).bind(2, clock_.now_ns()).step();
  change.commit();
  return {};
}

Result<void> ApiKeys::remove_certificate(const Sha256& fingerprint) {
  State& state = store_.state();
  State::Change change(state);
  Statement drop(state.connection(), "DELETE FROM certificates WHERE fingerprint = ?");
  drop.bind_blob(0, bytes_of(fingerprint)).step();
  if (state.connection().changed_rows() == 0) {
    return Error{ErrorCode::not_found, "accounts.certificate"};
  }
  change.commit();
  return {};
}

std::vector<MappedCertificate> ApiKeys::certificates() const {
  State& state = store_.state();
  const State::Look look(state);
  std::vector<MappedCertificate> all;
  Statement row(state.connection(),
                "SELECT fingerprint, key, added_ns FROM certificates ORDER BY id");
  while (row.step()) {
    MappedCertificate certificate{{}, ApiKeyId{row.integer(1)}, row.integer(2)};
    const auto bytes = row.blob(0);
    if (bytes.size() != Sha256::kSize) state.refuse("a certificate's digest of another size");
    std::transform(bytes.begin(), bytes.end(), certificate.fingerprint.bytes.begin(),
                   [](std::byte byte) { return std::to_integer<uint8_t>(byte); });
    all.push_back(certificate);
  }
  return all;
}

}  // namespace safelight::serve
