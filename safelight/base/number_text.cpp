#include "safelight/base/number_text.h"

#include <array>
#include <cassert>
#include <charconv>
#include <cmath>

namespace safelight {
namespace {

std::string text_of(double value, std::chars_format format, int precision) {
  assert(std::isfinite(value));
  std::array<char, 512> text{};  // The largest number has 309 digits before the point.
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, format, precision).ptr;
  std::string out(text.data(), end);
  if (out.front() == '-' && out.find_first_of("123456789") == std::string::npos) out.erase(0, 1);
  return out;
}

}  // namespace

std::string grouped(uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string out;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

std::string fixed_text(double value, int decimals) {
  return text_of(value, std::chars_format::fixed, decimals);
}

std::string significant_text(double value, int digits) {
  return text_of(value, std::chars_format::general, digits);
}

std::string with_minus_sign(std::string number) {
  if (number.starts_with('-')) number.replace(0, 1, "\xe2\x88\x92");
  return number;
}

}  // namespace safelight
