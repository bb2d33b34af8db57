#include "safelight/hash/fingerprint.h"

#include "safelight/hash/digests.h"

namespace safelight {

std::string_view to_text(PdqMode mode) { return mode == PdqMode::reference ? "reference" : "full"; }

Result<PdqMode> pdq_mode_from_text(std::string_view text) {
  if (text == "reference") return PdqMode::reference;
  if (text == "full") return PdqMode::full;
  return Error{ErrorCode::malformed, "pdq.mode"};
}

std::string_view to_text(Orientation orientation) {
  static constexpr std::array<std::string_view, kOrientations> kNames = {
      "original", "rotate90", "rotate180",  "rotate270",
      "flip_x",   "flip_y",   "flip_plus1", "flip_minus1"};
  return kNames[static_cast<size_t>(orientation)];
}

FingerprintBytes to_bytes(const Fingerprint& fingerprint) {
  FingerprintBytes bytes{};
  for (size_t i = 0; i < bytes.size(); ++i) {
    const size_t low_bit = 8 * (bytes.size() - 1 - i);
    bytes[i] = static_cast<uint8_t>(fingerprint.words[low_bit / 64] >> (low_bit % 64));
  }
  return bytes;
}

Fingerprint fingerprint_from_bytes(const FingerprintBytes& bytes) {
  Fingerprint fingerprint;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const size_t low_bit = 8 * (bytes.size() - 1 - i);
    fingerprint.words[low_bit / 64] |= static_cast<uint64_t>(bytes[i]) << (low_bit % 64);
  }
  return fingerprint;
}

std::string to_hex(const Fingerprint& fingerprint) {
  return to_hex(std::span<const uint8_t>(to_bytes(fingerprint)));
}

Result<Fingerprint> parse_fingerprint(std::string_view text) {
  FingerprintBytes bytes{};
  SAFELIGHT_CHECK(from_hex(text, bytes));
  return fingerprint_from_bytes(bytes);
}

}  // namespace safelight
