#include "safelight/report/internal/text.h"

#include <array>
#include <chrono>
#include <cstdio>

#include "safelight/base/html_text.h"

namespace safelight::report {
namespace {

constexpr int64_t kNsPerSecond = 1'000'000'000;

std::string iso(int64_t ns, std::string_view suffix) {
  int64_t seconds = ns / kNsPerSecond;
  int64_t rest = ns % kNsPerSecond;
  if (rest < 0) {
    rest += kNsPerSecond;
    --seconds;
  }
  const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d", int{date.year()},
                unsigned{date.month()}, unsigned{date.day()},
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  std::string out = text.data();
  if (rest != 0) {
    std::snprintf(text.data(), text.size(), ".%09d", static_cast<int>(rest));
    out += text.data();
    out.erase(out.find_last_not_of('0') + 1);
  }
  out += suffix;
  return out;
}

}  // namespace

std::string iso_time(const casefile::Timestamp& time) {
  return iso(time.ns, time.zone == casefile::TimeZoneKnowledge::utc ? "Z" : "");
}

std::string iso_time(const std::optional<casefile::Timestamp>& time) {
  return time ? iso_time(*time) : "";
}

std::string iso_utc(int64_t ns) { return iso(ns, "Z"); }

std::string shown_time(int64_t ns) {
  std::string text = iso_utc(ns).substr(0, 19);
  text[10] = ' ';
  return text;
}

std::string shown_or(std::string_view text, std::string_view otherwise) {
  return text.empty() ? std::string(otherwise) : escape_html(text);
}

std::string csv_field(std::string_view text) {
  std::string out(text);
  constexpr std::string_view kFormulaStarts = "=+-@\t\r";
  if (!out.empty() && kFormulaStarts.find(out.front()) != std::string_view::npos) {
    out.insert(out.begin(), '\'');
  }
  if (out.find_first_of(",\"\r\n") == std::string::npos) return out;
  std::string quoted = "\"";
  for (const char c : out) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  quoted += '"';
  return quoted;
}

std::string readable_bytes(uint64_t bytes) {
  constexpr std::array<std::string_view, 6> kUnits = {"B", "kB", "MB", "GB", "TB", "PB"};
  auto value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 || value >= 99.95 ? "%.0f " : "%.1f ", value);
  std::string out = text.data();
  out += kUnits[unit];
  return out;
}

std::string describe(const Hit& hit) {
  std::string out = hit.list;
  out += ": ";
  out += hit.category.empty() ? "no category" : hit.category;
  out += " (";
  out += to_text(hit.disposition);
  out += ") by ";
  out += to_text(hit.kind);
  if (hit.kind == MatchKind::pdq) {
    out += " at " + std::to_string(hit.distance_bits) + " bits, ";
    out += to_text(hit.orientation);
  }
  out += ", entry ";
  out += hit.entry_id;
  if (hit.source_record != 0) out += ", record " + std::to_string(hit.source_record);
  if (hit.victim_identified != Stated::not_stated) {
    out += hit.victim_identified == Stated::yes ? ", victim identified" : ", victim not identified";
  }
  return out;
}

}  // namespace safelight::report
