#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "safelight/base/result.h"

namespace safelight {

/// How a picture's pixels became a PDQ fingerprint. The two modes differ by 7 to 9 bits on the same
/// picture, so fingerprints are compared only within one mode.
enum class PdqMode : uint8_t {
  reference,  ///< Meta's C++: nearest-neighbour step to 512x512 first.
  full,       ///< Full resolution, as the pdqhash wheel, `tx` and HMA compute it.
};

/// The eight orientations of a picture, in the order in which Meta's reference prints them.
enum class Orientation : uint8_t {
  original,
  rotate90,
  rotate180,
  rotate270,
  flip_x,
  flip_y,
  flip_plus1,
  flip_minus1,
};
inline constexpr size_t kOrientations = 8;

std::string_view to_text(PdqMode mode);
Result<PdqMode> pdq_mode_from_text(std::string_view text);
std::string_view to_text(Orientation orientation);

/// 256 bits of a perceptual hash. Bit k (k = 16 i + j of the transform's row i and column j) is bit
/// k % 64 of `words[k / 64]`. The text has 64 hexadecimal digits, the first of which holds bit 255.
struct Fingerprint {
  std::array<uint64_t, 4> words{};
  friend auto operator<=>(const Fingerprint&, const Fingerprint&) = default;
};

/// One fingerprint of a picture in one mode.
struct PdqHash {
  Fingerprint fingerprint;
  PdqMode mode = PdqMode::reference;
  uint8_t quality = 0;  ///< PDQ quality, 0 to 100; under 50 a fingerprint says little.
  friend bool operator==(const PdqHash&, const PdqHash&) = default;
};

/// A picture's fingerprints in one mode, in all orientations.
struct PdqHashes {
  PdqMode mode = PdqMode::reference;
  uint8_t quality = 0;  ///< As in PdqHash; the same in every orientation.
  std::array<Fingerprint, kOrientations> fingerprints{};  ///< By Orientation.
  friend bool operator==(const PdqHashes&, const PdqHashes&) = default;
};

/// The quality from which PDQ's authors recommend to match.
inline constexpr uint8_t kMinPdqQuality = 50;
/// The largest distance, inclusive, that PDQ's authors recommend to call a match.
inline constexpr uint32_t kDefaultRadiusBits = 31;

/// The bytes of the text: the first holds bits 255 (its highest) to 248.
using FingerprintBytes = std::array<uint8_t, 32>;
FingerprintBytes to_bytes(const Fingerprint& fingerprint);
Fingerprint fingerprint_from_bytes(const FingerprintBytes& bytes);

std::string to_hex(const Fingerprint& fingerprint);
/// Errors: malformed, at the character that breaks the rule.
Result<Fingerprint> parse_fingerprint(std::string_view text);

/// Bits in which two fingerprints differ, 0 to 256.
constexpr uint32_t hamming_distance(const Fingerprint& a, const Fingerprint& b) {
  int bits = 0;
  for (size_t i = 0; i < a.words.size(); ++i) bits += std::popcount(a.words[i] ^ b.words[i]);
  return static_cast<uint32_t>(bits);
}

}  // namespace safelight

template <>
struct std::hash<safelight::Fingerprint> {
  size_t operator()(const safelight::Fingerprint& f) const noexcept {
    return f.words[0] ^ (f.words[1] * 0x9e3779b97f4a7c15u) ^ (f.words[2] << 1) ^ (f.words[3] << 3);
  }
};
