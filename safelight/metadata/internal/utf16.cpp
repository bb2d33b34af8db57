#include "safelight/metadata/internal/utf16.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace safelight::metadata {
namespace {

constexpr char32_t kReplacement = 0xfffd;
constexpr char32_t kByteOrderMark = 0xfeff;
/// Characters from the start that decide the byte order.
constexpr size_t kGuessCharacters = 4096;

char16_t unit_at(std::span<const std::byte> bytes, size_t index, ByteOrder order) {
  const auto first = std::to_integer<uint16_t>(bytes[2 * index]);
  const auto second = std::to_integer<uint16_t>(bytes[2 * index + 1]);
  return static_cast<char16_t>(order == ByteOrder::big_endian ? first << 8 | second
                                                              : second << 8 | first);
}

bool is_high_surrogate(char16_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
bool is_low_surrogate(char16_t unit) { return unit >= 0xdc00 && unit < 0xe000; }

void append_utf8(std::string& out, char32_t point) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (point >> shift & 0x3f)); };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xc0 | point >> 6);
    tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xe0 | point >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0 | point >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

/// How likely a unit is in text. Swapped ASCII letters fall into the Han range, but swapped Han
/// hardly ever into ASCII, so ASCII weighs more.
int weight_of(char16_t unit) {
  struct Range {
    char16_t first, last;
    int weight;
  };
  constexpr std::array<Range, 10> kRanges = {{
      {0x0009, 0x000d, 4},
      {0x0020, 0x007e, 4},
      {0x00a0, 0x052f, 1},  // Latin, Greek, Cyrillic
      {0x0590, 0x06ff, 1},  // Hebrew, Arabic
      {0x0900, 0x0e7f, 1},  // India, Thailand
      {0x2010, 0x2030, 1},
      {0x3000, 0x30ff, 1},  // punctuation, Hiragana, Katakana
      {0x4e00, 0x9fff, 1},  // Han
      {0xac00, 0xd7a3, 1},  // Hangul
      {0xff00, 0xffef, 1},
  }};
  for (const Range& range : kRanges) {
    if (unit >= range.first && unit <= range.last) return range.weight;
  }
  return is_high_surrogate(unit) || is_low_surrogate(unit) ? 0 : -1;
}

}  // namespace

std::string utf16_to_utf8(std::span<const std::byte> bytes, ByteOrder order) {
  std::string out;
  const size_t units = bytes.size() / 2;
  for (size_t i = 0; i < units; ++i) {
    const char16_t unit = unit_at(bytes, i, order);
    if (unit == 0) break;
    char32_t point = unit;
    if (is_high_surrogate(unit) && i + 1 < units &&
        is_low_surrogate(unit_at(bytes, i + 1, order))) {
      point = 0x10000 + ((unit & 0x3ffu) << 10 | (unit_at(bytes, ++i, order) & 0x3ffu));
    } else if (is_high_surrogate(unit) || is_low_surrogate(unit)) {
      point = kReplacement;
    }
    if (i > 0 || point != kByteOrderMark) append_utf8(out, point);
  }
  return out;
}

ByteOrder guess_byte_order(std::span<const std::byte> bytes, ByteOrder fallback) {
  const size_t units = std::min(bytes.size() / 2, kGuessCharacters);
  if (units == 0) return fallback;
  if (unit_at(bytes, 0, ByteOrder::big_endian) == kByteOrderMark) return ByteOrder::big_endian;
  if (unit_at(bytes, 0, ByteOrder::little_endian) == kByteOrderMark) {
    return ByteOrder::little_endian;
  }
  int balance = 0;
  for (size_t i = 0; i < units; ++i) {
    if (unit_at(bytes, i, ByteOrder::big_endian) == 0) break;
    balance += weight_of(unit_at(bytes, i, ByteOrder::big_endian)) -
               weight_of(unit_at(bytes, i, ByteOrder::little_endian));
  }
  if (balance == 0) return fallback;
  return balance > 0 ? ByteOrder::big_endian : ByteOrder::little_endian;
}

}  // namespace safelight::metadata
