#include "safelight/synthesis/calibration/date.h"

#include <array>
#include <cassert>
#include <charconv>
#include <cstdio>

namespace safelight::synthesis {
namespace {

constexpr int kFirstYear = 1970;
constexpr std::string_view kShape = "dddd-dd-dd";

}  // namespace

std::optional<Date> date_from_text(std::string_view text) {
  if (text.size() != kShape.size()) return std::nullopt;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool digit = '0' <= text[i] && text[i] <= '9';
    if (kShape[i] == 'd' ? !digit : text[i] != '-') return std::nullopt;
  }
  const auto number = [&](size_t at, size_t digits) {
    unsigned value = 0;
    std::from_chars(text.data() + at, text.data() + at + digits, value);
    return value;
  };
  const Date date{std::chrono::year(static_cast<int>(number(0, 4))),
                  std::chrono::month(number(5, 2)), std::chrono::day(number(8, 2))};
  if (!date.ok() || int{date.year()} < kFirstYear) return std::nullopt;
  return date;
}

std::string to_text(const Date& date) {
  assert(date.ok());
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", int{date.year()},
                unsigned{date.month()}, unsigned{date.day()});
  return text.data();
}

Date days_after(const Date& date, int days) {
  assert(date.ok());
  return Date(std::chrono::sys_days(date) + std::chrono::days(days));
}

}  // namespace safelight::synthesis
