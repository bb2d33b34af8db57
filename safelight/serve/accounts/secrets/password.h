#pragma once

#include <cstdint>
#include <semaphore>
#include <string>
#include <string_view>

#include "safelight/base/result.h"

namespace safelight::serve {

/// How much work a password costs whoever tries one. Source: RFC 9106 (argon2id, one lane).
struct PasswordCost {
  uint64_t passes = 0;
  uint64_t memory_bytes = 0;
};
/// libsodium's "interactive" (2 passes, 64 MiB), over the least that OWASP recommends (2 passes,
/// 19 MiB); and its "moderate", for a server with memory to spare.
inline constexpr PasswordCost kInteractiveCost{2, uint64_t{64} << 20};
inline constexpr PasswordCost kModerateCost{3, uint64_t{256} << 20};

inline constexpr size_t kMinPasswordCharacters = 12;
inline constexpr size_t kMaxPasswordBytes = 128;

/// Whether somebody named `login` may have this password. Any characters will do. Errors:
/// malformed, rules "accounts.password-utf8", "accounts.password-short" (under 12 characters),
/// "accounts.password-login" (it is the login name, in any case); limit_exceeded, rule
/// "accounts.password-long" (over 128 bytes).
[[nodiscard]] Result<void> check_new_password(std::string_view login, std::string_view password);

/// Makes and checks argon2id hashes of passwords. Safe from many threads.
class PasswordHasher {
 public:
  /// Hashes are made at `cost`; at most `at_once` are worked on together, so that a flood of
  /// log-ins takes no more memory than that many. Throws Fault where libsodium does not start or
  /// the cost is none that it takes.
  PasswordHasher(PasswordCost cost, uint32_t at_once);

  /// The hash as text, with its parameters and a salt of libsodium's. Throws Fault without memory.
  [[nodiscard]] std::string hash(std::string_view password) const;
  /// Whether `stored` is a hash of `password`. Throws Fault where it is no hash, or asks for more
  /// work than any of ours: a damaged store. A password over the limit is a wrong one.
  [[nodiscard]] bool verify(const std::string& stored, std::string_view password) const;
  /// Does the work of verify() for somebody who has no password.
  void verify_none(std::string_view password) const;
  /// Whether `stored` was made at another cost than today's.
  [[nodiscard]] bool is_outdated(const std::string& stored) const;

 private:
  PasswordCost cost_;
  mutable std::counting_semaphore<> places_;
  std::string nobody_;  ///< A hash that no password is known to.
};

}  // namespace safelight::serve
