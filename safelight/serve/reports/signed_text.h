#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "safelight/audit/heads/signing_key.h"

namespace safelight::serve {

/// A kind of text that a server vouches for, so that no signature over one kind fits another.
struct SignedKind {
  const char* member;                ///< Under which the text stands in the signed object.
  std::string_view domain;           ///< Before the text that is signed.
  size_t max_bytes;                  ///< Of the text.
  std::string_view not_signed;       ///< Rules of check_signed(): this is no such object;
  std::string_view other_key;        ///< another key has signed it;
  std::string_view other_signature;  ///< the signature is of another text.
};

/// A JSON object of the text, the public key, and the Ed25519 signature over domain and text.
std::string signed_text(const SignedKind& kind, std::string_view text,
                        const audit::SigningKey& key);

/// Takes what signed_text() gives, every byte of it untrusted, and gives the text. Errors:
/// malformed; integrity_mismatch; by the rules of the kind.
Result<std::string> check_signed(const SignedKind& kind, std::string_view given,
                                 const audit::PublicKey& key);

}  // namespace safelight::serve
