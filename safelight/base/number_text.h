#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace safelight {

/// 1234567 as "1,234,567".
std::string grouped(uint64_t number);

/// The whole number in decimal that `text` is, and nothing else; nothing where it does not fit.
template <std::integral Number>
std::optional<Number> whole_number(std::string_view text) {
  Number out{};
  const char* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, out);
  if (failed != std::errc() || stop != end) return std::nullopt;
  return out;
}

/// With so many decimals, such as "0.500", in any locale. Zero has no sign. `value` is finite.
std::string fixed_text(double value, int decimals);

/// With at most so many significant digits, such as "0.5", "1.25e-07": the last bits, in which
/// libraries of mathematics differ, do not show with 9. Zero has no sign. `value` is finite.
std::string significant_text(double value, int digits);

/// The same number for people: with U+2212 for a minus in front.
std::string with_minus_sign(std::string number);

}  // namespace safelight
