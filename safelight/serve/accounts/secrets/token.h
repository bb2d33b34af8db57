#pragma once

#include <string_view>

#include "safelight/hash/digests.h"
#include "safelight/serve/accounts/secrets/random_source.h"
#include "safelight/serve/accounts/secrets/secret_text.h"

namespace safelight::serve {

/// A text that nobody can guess, and what is stored of it. 256 random bits need no slow hash: there
/// is nothing to try.
struct Token {
  SecretText text;
  Sha256 digest;
};

/// `prefix`, then 256 random bits in base64url without padding (43 characters).
Token make_token(RandomSource& random, std::string_view prefix);

/// The digest of a text that somebody presents.
Sha256 token_digest(std::string_view text);

/// What a form or a request beside the cookie must carry to be of the session with this token: an
/// HMAC-SHA-256 under it, in base64url. Needs no storage, and tells nothing of the token.
SecretText csrf_token(std::string_view session_token);
/// Whether `given` is that; in a time that does not depend on where it differs.
[[nodiscard]] bool csrf_matches(std::string_view session_token, std::string_view given);

}  // namespace safelight::serve
