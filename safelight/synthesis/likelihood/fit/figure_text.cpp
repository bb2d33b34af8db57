#include "safelight/synthesis/likelihood/fit/figure_text.h"

#include <array>
#include <charconv>

#include "safelight/base/number_text.h"

namespace safelight::synthesis {
namespace {

constexpr int kCoefficientDigits = 12;  // Behind the point.
constexpr int kBoundDigits = 6;

double number_in(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::string coefficient_text(double value) {
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.begin(), text.end(), value, std::chars_format::scientific,
                                 kCoefficientDigits);
  return {text.begin(), end.ptr};
}

std::string bound_text(double value) { return fixed_text(value, kBoundDigits); }

double as_coefficient(double value) { return number_in(coefficient_text(value)); }

double as_bound(double value) { return number_in(bound_text(value)); }

}  // namespace safelight::synthesis
