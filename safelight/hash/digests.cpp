#include "safelight/hash/digests.h"

namespace safelight {
namespace {

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string to_hex(std::span<const uint8_t> bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const uint8_t byte : bytes) {
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  return text;
}

Result<void> from_hex(std::string_view text, std::span<uint8_t> out) {
  if (text.size() != 2 * out.size()) {
    return Error::at(ErrorCode::malformed, "hex.length", text.size());
  }
  for (size_t i = 0; i < out.size(); ++i) {
    const int high = nibble(text[2 * i]);
    const int low = nibble(text[2 * i + 1]);
    if (high < 0 || low < 0)
      return Error::at(ErrorCode::malformed, "hex.digit", 2 * i + (high < 0 ? 0 : 1));
    out[i] = static_cast<uint8_t>(high * 16 + low);
  }
  return {};
}

}  // namespace safelight
