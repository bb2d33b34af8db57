#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "safelight/serve/accounts/secrets/random_source.h"
#include "safelight/serve/accounts/secrets/secret_text.h"

namespace safelight::serve {

/// What a person's authenticator shares with the server. Zeroed when it goes.
class TotpSecret {
 public:
  static constexpr size_t kBytes = 20;  ///< As long as SHA-1's output: RFC 4226 section 4.

  explicit TotpSecret(RandomSource& random);
  explicit TotpSecret(std::span<const std::byte, kBytes> bytes);
  TotpSecret(const TotpSecret&) = default;
  TotpSecret& operator=(const TotpSecret&) = default;
  ~TotpSecret();

  [[nodiscard]] std::span<const std::byte, kBytes> bytes() const { return bytes_; }
  /// In base32, for typing.
  [[nodiscard]] SecretText text() const;
  /// For a QR code: otpauth://totp/ISSUER:LOGIN?secret=...
  [[nodiscard]] SecretText uri(std::string_view issuer, std::string_view login) const;

 private:
  std::array<std::byte, kBytes> bytes_{};
};

inline constexpr int64_t kTotpStepSeconds = 30;
inline constexpr size_t kTotpDigits = 6;
/// Before the first code: any step is later.
inline constexpr int64_t kNoTotpStep = -1;

/// The six digits of a step, HMAC-SHA-1. Source: RFC 6238, RFC 4226 section 5.3.
std::string totp_code(const TotpSecret& secret, int64_t step);

/// The step that `code` is of, if that is the present one or the one on either side of it, and
/// later than `last_step`: the caller stores it, so that each code is good once.
[[nodiscard]] std::optional<int64_t> accept_totp(const TotpSecret& secret, std::string_view code,
                                                 int64_t now_ns, int64_t last_step);

}  // namespace safelight::serve
