#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/clock.h"
#include "safelight/base/result.h"
#include "safelight/hash/digests.h"
#include "safelight/serve/accounts/account_store.h"
#include "safelight/serve/accounts/role.h"
#include "safelight/serve/accounts/secrets/random_source.h"
#include "safelight/serve/accounts/secrets/secret_text.h"

namespace safelight::database {
class Statement;
}

namespace safelight::serve {

/// Names a key for ever: keys are revoked, never deleted.
struct ApiKeyId {
  int64_t value = 0;
  friend auto operator<=>(ApiKeyId, ApiKeyId) = default;
};

/// What a program may do here, and for whom.
struct ApiKey {
  ApiKeyId id;
  std::string name;
  std::string tenant;  ///< Whose uploads they are: nothing is shared between tenants.
  Scopes scopes;
  int64_t created_ns = 0;
  std::optional<int64_t> expires_ns;
  std::optional<int64_t> last_used_ns;  ///< To within an hour.
  std::optional<int64_t> revoked_ns;
};

struct NewApiKey {
  std::string_view name;
  std::string_view tenant;
  Scopes scopes;
  std::optional<int64_t> expires_ns;
};

struct IssuedApiKey {
  ApiKeyId id;
  SecretText text;  ///< "slk_" and 43 characters. Shown once; the store keeps its digest alone.
};

/// A client certificate that stands for a key.
struct MappedCertificate {
  Sha256 fingerprint;  ///< SHA-256 of the certificate's DER.
  ApiKeyId key;
  int64_t added_ns = 0;
};

/// The keys of programs, and the certificates that stand for them. Safe from many threads. Every
/// member throws Fault where the store fails or is damaged.
class ApiKeys {
 public:
  ApiKeys(AccountStore& store, const Clock& clock, RandomSource& random)
      : store_(store), clock_(clock), random_(random) {}

  /// Errors: those of check_name() for name and tenant; malformed, rules "accounts.scopes" without
  /// any, "accounts.key-expiry" where it has passed.
  Result<IssuedApiKey> add(const NewApiKey& key);
  /// The key with this text or certificate, neither expired nor revoked; it counts as used now.
  [[nodiscard]] std::optional<ApiKey> find(std::string_view text);
  [[nodiscard]] std::optional<ApiKey> find_certificate(const Sha256& fingerprint);
  /// The same by its id, for whom this server lets in by other means.
  [[nodiscard]] std::optional<ApiKey> find(ApiKeyId id);
  /// All, by id, those that are revoked or expired too.
  [[nodiscard]] std::vector<ApiKey> all() const;
  /// Errors: not_found, rule "accounts.key".
  Result<void> revoke(ApiKeyId id);

  /// Lets the holder of a certificate do what the key may, as long as the key may; in place of what
  /// it stood for before. Errors: not_found, rule "accounts.key".
  Result<void> map_certificate(const Sha256& fingerprint, ApiKeyId key);
  /// Errors: not_found, rule "accounts.certificate".
  Result<void> remove_certificate(const Sha256& fingerprint);
  [[nodiscard]] std::vector<MappedCertificate> certificates() const;

 private:
  using Bind = std::function<void(database::Statement&)>;
  std::optional<ApiKey> find_where(std::string_view condition, const Bind& bind);

  AccountStore& store_;
  const Clock& clock_;
  RandomSource& random_;
};

}  // namespace safelight::serve
