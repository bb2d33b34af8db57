#include "safelight/serve/accounts/secrets/totp.h"

#include <algorithm>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include "safelight/base/fault.h"

namespace safelight::serve {
namespace {

constexpr int64_t kNsPerStep = kTotpStepSeconds * 1'000'000'000;

/// RFC 4648 section 6; 20 bytes need no padding.
std::string base32(std::span<const std::byte> bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  uint32_t bits = 0;
  int count = 0;
  for (const std::byte byte : bytes) {
    bits = (bits << 8 | std::to_integer<uint32_t>(byte)) & 0xffff;
    for (count += 8; count >= 5; count -= 5) out += kDigits[bits >> (count - 5) & 31];
  }
  return out;
}

void append_percent(std::string& out, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
        c == '.' || c == '_') {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
}

}  // namespace

TotpSecret::TotpSecret(RandomSource& random) { random.fill(bytes_); }

TotpSecret::TotpSecret(std::span<const std::byte, kBytes> bytes) {
  std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

TotpSecret::~TotpSecret() { sodium_memzero(bytes_.data(), bytes_.size()); }

SecretText TotpSecret::text() const {
  std::string digits = base32(bytes_);
  SecretText out(digits);
  sodium_memzero(digits.data(), digits.size());
  return out;
}

SecretText TotpSecret::uri(std::string_view issuer, std::string_view login) const {
  std::string out = "otpauth://totp/";
  append_percent(out, issuer);
  out += ':';
  append_percent(out, login);
  out += "?issuer=";
  append_percent(out, issuer);
  // Last, and room made before it comes, so that no copy of it stays behind.
  constexpr std::string_view kRest = "&algorithm=SHA1&digits=6&period=30&secret=";
  const SecretText digits = text();
  out.reserve(out.size() + kRest.size() + digits.view().size());
  out += kRest;
  out += digits.view();
  SecretText secret(out);
  sodium_memzero(out.data(), out.size());
  return secret;
}

std::string totp_code(const TotpSecret& secret, int64_t step) {
  std::array<uint8_t, 8> counter{};
  for (size_t i = 0; i < counter.size(); ++i) {
    counter[i] = static_cast<uint8_t>(static_cast<uint64_t>(step) >> (8 * (7 - i)));
  }
  std::array<uint8_t, EVP_MAX_MD_SIZE> code{};
  unsigned int size = 0;
  if (HMAC(EVP_sha1(), secret.bytes().data(), static_cast<int>(secret.bytes().size()),
           counter.data(), counter.size(), code.data(), &size) == nullptr ||
      size != 20) {
    throw Fault("OpenSSL does not offer HMAC-SHA-1");
  }
  const size_t offset = code[19] & 15u;
  const uint32_t number = (code[offset] & 0x7fu) << 24 | uint32_t{code[offset + 1]} << 16 |
                          uint32_t{code[offset + 2]} << 8 | code[offset + 3];
  const std::string digits = std::to_string(number % 1'000'000);
  return std::string(kTotpDigits - digits.size(), '0') + digits;
}

std::optional<int64_t> accept_totp(const TotpSecret& secret, std::string_view code, int64_t now_ns,
                                   int64_t last_step) {
  if (code.size() != kTotpDigits) return std::nullopt;
  const int64_t now_step = now_ns / kNsPerStep;
  std::optional<int64_t> accepted;
  // All are computed and compared, whichever it is.
  for (int64_t step = now_step - 1; step <= now_step + 1; ++step) {
    const bool same = sodium_memcmp(totp_code(secret, step).data(), code.data(), kTotpDigits) == 0;
    if (same && step > last_step && !accepted) accepted = step;
  }
  return accepted;
}

}  // namespace safelight::serve
