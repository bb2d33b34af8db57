#include "safelight/base/base64.h"

#include <string_view>

namespace safelight {

std::string base64(std::span<const uint8_t> bytes, Padding padding) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t left = bytes.size() - i;
    const uint32_t group = static_cast<uint32_t>(bytes[i]) << 16 |
                           (left > 1 ? static_cast<uint32_t>(bytes[i + 1]) << 8 : 0) |
                           (left > 2 ? static_cast<uint32_t>(bytes[i + 2]) : 0);
    for (size_t digit = 0; digit < 4; ++digit) {
      if (digit <= left) {
        out += kDigits[group >> (18 - 6 * digit) & 63];
      } else if (padding == Padding::keep) {
        out += '=';
      }
    }
  }
  return out;
}

}  // namespace safelight
