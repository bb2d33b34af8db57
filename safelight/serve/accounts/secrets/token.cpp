#include "safelight/serve/accounts/secrets/token.h"

#include <algorithm>
#include <array>
#include <sodium.h>
#include <span>

#include "safelight/base/base64.h"
#include "safelight/digest/sha256_stream.h"

namespace safelight::serve {
namespace {

constexpr size_t kTokenBytes = 32;
constexpr std::string_view kCsrfPurpose = "safelight csrf 1";

SecretText base64url(std::string_view prefix, std::span<const uint8_t> bytes) {
  std::string digits = base64(bytes, Padding::drop);
  std::replace(digits.begin(), digits.end(), '+', '-');
  std::replace(digits.begin(), digits.end(), '/', '_');
  std::string text;
  text.reserve(prefix.size() + digits.size());
  text += prefix;
  text += digits;
  SecretText out(text);
  sodium_memzero(digits.data(), digits.size());
  sodium_memzero(text.data(), text.size());
  return out;
}

}  // namespace

Token make_token(RandomSource& random, std::string_view prefix) {
  std::array<uint8_t, kTokenBytes> bytes{};
  random.fill(std::as_writable_bytes(std::span(bytes)));
  Token token{base64url(prefix, bytes), {}};
  token.digest = token_digest(token.text.view());
  sodium_memzero(bytes.data(), bytes.size());
  return token;
}

Sha256 token_digest(std::string_view text) {
  return sha256_of(std::as_bytes(std::span(text.data(), text.size())));
}

SecretText csrf_token(std::string_view session_token) {
  std::array<uint8_t, crypto_auth_hmacsha256_BYTES> code{};
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, reinterpret_cast<const uint8_t*>(session_token.data()),
                              session_token.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const uint8_t*>(kCsrfPurpose.data()),
                                kCsrfPurpose.size());
  crypto_auth_hmacsha256_final(&state, code.data());
  sodium_memzero(&state, sizeof(state));
  return base64url("", code);
}

bool csrf_matches(std::string_view session_token, std::string_view given) {
  const SecretText expected = csrf_token(session_token);
  return given.size() == expected.view().size() &&
         sodium_memcmp(given.data(), expected.view().data(), given.size()) == 0;
}

}  // namespace safelight::serve
