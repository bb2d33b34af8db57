#include "safelight/serve/accounts/internal/store_schema.h"

#include <array>
#include <string>
#include <utility>

#include "safelight/base/fault.h"
#include "safelight/database/schema.h"
#include "safelight/database/statement.h"

namespace safelight::serve {
namespace {

/// In the order in which they refer to each other. Unique values have named indexes, because those
/// that SQLite makes by itself have no definition to compare.
constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kSchema = {{
    {"people",
     "CREATE TABLE people(id INTEGER PRIMARY KEY, login TEXT NOT NULL, display_name TEXT NOT NULL, "
     "role TEXT NOT NULL, state TEXT NOT NULL, created_ns INTEGER NOT NULL, password TEXT, "
     "password_set_ns INTEGER, totp_secret BLOB, totp_state TEXT NOT NULL, "
     "totp_last_step INTEGER NOT NULL) STRICT"},
    {"people_by_login", "CREATE UNIQUE INDEX people_by_login ON people(login)"},
    {"sessions",
     "CREATE TABLE sessions(id INTEGER PRIMARY KEY AUTOINCREMENT, token_digest BLOB NOT NULL, "
     "person INTEGER NOT NULL REFERENCES people(id), stage TEXT NOT NULL, "
     "created_ns INTEGER NOT NULL, last_used_ns INTEGER NOT NULL, "
     "authenticated_ns INTEGER NOT NULL, code_attempts INTEGER NOT NULL) STRICT"},
    {"sqlite_sequence", "CREATE TABLE sqlite_sequence(name,seq)"},
    {"sessions_by_token", "CREATE UNIQUE INDEX sessions_by_token ON sessions(token_digest)"},
    {"sessions_by_person", "CREATE INDEX sessions_by_person ON sessions(person)"},
    {"api_keys",
     "CREATE TABLE api_keys(id INTEGER PRIMARY KEY, digest BLOB NOT NULL, name TEXT NOT NULL, "
     "tenant TEXT NOT NULL, scopes INTEGER NOT NULL, created_ns INTEGER NOT NULL, "
     "expires_ns INTEGER, last_used_ns INTEGER, revoked_ns INTEGER) STRICT"},
    {"api_keys_by_digest", "CREATE UNIQUE INDEX api_keys_by_digest ON api_keys(digest)"},
    {"certificates",
     "CREATE TABLE certificates(id INTEGER PRIMARY KEY, fingerprint BLOB NOT NULL, "
     "key INTEGER NOT NULL REFERENCES api_keys(id), added_ns INTEGER NOT NULL) STRICT"},
    {"certificates_by_fingerprint",
     "CREATE UNIQUE INDEX certificates_by_fingerprint ON certificates(fingerprint)"},
    {"link_tokens",
     "CREATE TABLE link_tokens(id INTEGER PRIMARY KEY, digest BLOB NOT NULL, "
     "person INTEGER NOT NULL REFERENCES people(id), created_ns INTEGER NOT NULL, "
     "expires_ns INTEGER NOT NULL) STRICT"},
    {"link_tokens_by_digest", "CREATE UNIQUE INDEX link_tokens_by_digest ON link_tokens(digest)"},
    {"acts",
     "CREATE TABLE acts(id INTEGER PRIMARY KEY, kind TEXT NOT NULL, parameters TEXT NOT NULL, "
     "state TEXT NOT NULL, requested_by INTEGER NOT NULL REFERENCES people(id), "
     "requested_ns INTEGER NOT NULL, expires_ns INTEGER NOT NULL, "
     "settled_by INTEGER REFERENCES people(id), settled_ns INTEGER, executed_ns INTEGER, "
     "ended_ns INTEGER, outcome TEXT) STRICT"},
    {"acts_by_state", "CREATE INDEX acts_by_state ON acts(state)"},
    {"acts_by_end", "CREATE INDEX acts_by_end ON acts(ended_ns)"},
}};

}  // namespace

void create_accounts_schema(database::Connection& connection) {
  for (const auto& [name, create] : kSchema) {
    if (!name.starts_with("sqlite_")) connection.execute(std::string(create));
  }
  connection.execute("PRAGMA application_id=" + std::to_string(kAccountsApplicationId));
  connection.execute("PRAGMA user_version=" + std::to_string(kAccountsVersion));
}

void update_accounts_schema(database::Connection& connection) {
  if (connection.integer("PRAGMA application_id") != kAccountsApplicationId ||
      connection.integer("PRAGMA user_version") != 1) {
    return;
  }
  if (connection.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'acts'") != 1) return;
  connection.execute(
      "ALTER TABLE acts ADD COLUMN ended_ns INTEGER; ALTER TABLE acts ADD COLUMN outcome TEXT; "
      "CREATE INDEX acts_by_end ON acts(ended_ns); PRAGMA user_version=2");
}

void require_accounts_schema(database::Connection& connection) {
  if (connection.integer("PRAGMA application_id") != kAccountsApplicationId) {
    throw Fault(connection.name() + " is no store of accounts of Safelight");
  }
  const int64_t version = connection.integer("PRAGMA user_version");
  if (version > kAccountsVersion) {
    throw Fault(connection.name() + " is of version " + std::to_string(version) +
                ", later than the " + std::to_string(kAccountsVersion) + " that is known here");
  }
  if (version < 1) throw Fault(connection.name() + " is damaged: it has no version");
  database::Schema expected;
  for (const auto& [name, create] : kSchema) expected.emplace(name, create);
  if (const std::string difference = schema_difference(connection, std::move(expected));
      !difference.empty()) {
    throw Fault(connection.name() + " is damaged: " + difference);
  }
  // A store is small, and what it says decides who may do what: all of it is checked, once.
  database::Statement check(connection, "PRAGMA integrity_check(1)");
  if (check.step() && check.text(0) != "ok") {
    throw Fault(connection.name() + " is damaged: " + std::string(check.text(0)));
  }
}

}  // namespace safelight::serve
