#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace safelight::synthesis {

/// A day of the Gregorian calendar, of the years 1970 to 9999.
using Date = std::chrono::year_month_day;

/// Of "2026-11-29"; nothing for a text that is no such day.
std::optional<Date> date_from_text(std::string_view text);
std::string to_text(const Date& date);

/// The day that many days after `date`.
Date days_after(const Date& date, int days);

}  // namespace safelight::synthesis
