#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/audit/heads/signing_key.h"
#include "safelight/audit/merkle_tree.h"
#include "safelight/base/result.h"

namespace safelight::audit {

/// The longest name of a log, and the longest line of a signed head without its line feed.
inline constexpr size_t kMaxLogNameBytes = 128;
inline constexpr size_t kMaxHeadLineBytes = 512;

/// Whether a log may be called so in heads: 1 to kMaxLogNameBytes of A-Z a-z 0-9 . _ : -
bool is_log_name(std::string_view text);

/// That somebody vouches for a log as it stood: the head, whose log and when. Kept elsewhere, it
/// shows what was changed or cut off afterwards.
struct SignedHead {
  std::string log;  ///< The UUID of the case, or the name of another log; see is_log_name().
  TreeHead head;
  int64_t time_ns = 0;  ///< When it was signed, since 1970, UTC, by the signer's clock.
  KeyId key;            ///< Whose signature it is.
  Signature signature;
  friend bool operator==(const SignedHead&, const SignedHead&) = default;
};

/// Signs a head; `log` is a log's name.
SignedHead sign_head(const SigningKey& key, std::string log, const TreeHead& head, int64_t time_ns);

/// The bytes over which the signature is made: docs/formats/audit.md, section 4.
std::vector<std::byte> signed_bytes(const SignedHead& head);

/// Success if the head is signed with the other half of `key`. Errors: not_found, "head.key", where
/// it names another key; integrity_mismatch, "head.signature".
Result<void> check_signature(const SignedHead& head, const PublicKey& key);

/// The head as one line without its line feed: docs/formats/audit.md, section 5.
std::string to_line(const SignedHead& head);

/// Reads what to_line() writes, and nothing else; takes untrusted text and does not check the
/// signature. Errors: truncated, "head.fields", for a line that ends early; limit_exceeded,
/// "head.max_line_bytes"; malformed at the field that breaks its rule.
Result<SignedHead> parse_head_line(std::string_view line);

}  // namespace safelight::audit
