#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "safelight/base/clock.h"
#include "safelight/serve/accounts/account_store.h"
#include "safelight/serve/accounts/person.h"
#include "safelight/serve/accounts/secrets/random_source.h"
#include "safelight/serve/accounts/secrets/secret_text.h"

namespace safelight::serve {

inline constexpr int64_t kMaxLinkTokenNs = int64_t{3'600'000'000'000};

/// Tokens in a link that let a person in once, such as the one that `serve --case` prints for the
/// examiner on loopback. Safe from many threads. Throws Fault where the store fails.
class LinkTokens {
 public:
  LinkTokens(AccountStore& store, const Clock& clock, RandomSource& random)
      : store_(store), clock_(clock), random_(random) {}

  /// A token that is good once within `valid_ns` (an hour at most); those issued for the person
  /// before are not good any more. Nothing where the person is not there.
  [[nodiscard]] std::optional<SecretText> issue(PersonId person, int64_t valid_ns);
  /// Whom the token lets in, if it is good; it is not good again.
  [[nodiscard]] std::optional<PersonId> redeem(std::string_view token);

 private:
  AccountStore& store_;
  const Clock& clock_;
  RandomSource& random_;
};

}  // namespace safelight::serve
