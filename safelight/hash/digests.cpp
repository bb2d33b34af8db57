#include "safelight/hash/digests.h"

namespace safelight {
namespace {

/// The value of each character as a hexadecimal digit, or -1. Random digits make branches on them
/// anybody's guess.
constexpr std::array<int8_t, 256> kNibbles = [] {
  std::array<int8_t, 256> values;
  values.fill(-1);
  for (int i = 0; i < 10; ++i) values[static_cast<size_t>('0' + i)] = static_cast<int8_t>(i);
  for (int i = 0; i < 6; ++i) {
    values[static_cast<size_t>('a' + i)] = static_cast<int8_t>(10 + i);
    values[static_cast<size_t>('A' + i)] = static_cast<int8_t>(10 + i);
  }
  return values;
}();

int nibble(char c) { return kNibbles[static_cast<uint8_t>(c)]; }

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
