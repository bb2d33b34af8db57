#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "safelight/base/result.h"

namespace safelight {

/// A cryptographic digest: its bytes in the order in which they are printed.
template <size_t kBytes, typename Tag>
struct Digest {
  static constexpr size_t kSize = kBytes;
  std::array<uint8_t, kBytes> bytes{};
  friend auto operator<=>(const Digest&, const Digest&) = default;
};

using Md5 = Digest<16, struct Md5Tag>;
using Sha1 = Digest<20, struct Sha1Tag>;
using Sha256 = Digest<32, struct Sha256Tag>;

/// Lower-case hexadecimal of bytes.
std::string to_hex(std::span<const uint8_t> bytes);

/// Fills `out` from hexadecimal of exactly twice its length, in either case.
/// Errors: malformed, at the character that breaks the rule.
Result<void> from_hex(std::string_view text, std::span<uint8_t> out);

template <size_t kBytes, typename Tag>
std::string to_hex(const Digest<kBytes, Tag>& digest) {
  return to_hex(std::span<const uint8_t>(digest.bytes));
}

/// `parse_hex<Md5>("d41d8cd9...")`. Errors: malformed.
template <typename DigestType>
Result<DigestType> parse_hex(std::string_view text) {
  DigestType digest;
  SAFELIGHT_CHECK(from_hex(text, digest.bytes));
  return digest;
}

}  // namespace safelight

template <size_t kBytes, typename Tag>
struct std::hash<safelight::Digest<kBytes, Tag>> {
  size_t operator()(const safelight::Digest<kBytes, Tag>& digest) const noexcept {
    size_t value = 0;
    for (size_t i = 0; i < sizeof(size_t); ++i) value = (value << 8) | digest.bytes[i];
    return value;
  }
};
