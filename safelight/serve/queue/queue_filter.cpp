#include "safelight/serve/queue/queue_filter.h"

#include <algorithm>

#include "safelight/base/number_text.h"

namespace safelight::serve {
namespace {

constexpr std::array<std::string_view, kFacets> kFacetNames = {
    "state", "class", "list", "category", "grade", "type", "source", "folder"};

constexpr Error kBadValue{ErrorCode::malformed, "filter.value"};

Result<uint64_t> parse_number(std::string_view text) {
  const auto number = whole_number<uint64_t>(text);
  if (!number) return kBadValue;
  return *number;
}

/// Of the years that can be told in nanoseconds since 1970.
Result<std::chrono::sys_days> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return kBadValue;
  SAFELIGHT_TRY(const uint64_t year, parse_number(text.substr(0, 4)));
  SAFELIGHT_TRY(const uint64_t month, parse_number(text.substr(5, 2)));
  SAFELIGHT_TRY(const uint64_t day, parse_number(text.substr(8, 2)));
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (year < 1678 || year > 2261 || !date.ok()) return kBadValue;
  return std::chrono::sys_days(date);
}

}  // namespace

std::string_view to_text(Facet facet) { return kFacetNames[static_cast<size_t>(facet)]; }

Result<void> QueueFilter::add(std::string_view name, std::string_view value) {
  if (value.empty() || value.size() > kMaxFacetValueBytes) return kBadValue;
  const auto facet = std::find(kFacetNames.begin(), kFacetNames.end(), name);
  if (facet != kFacetNames.end()) {
    auto& values = wanted[static_cast<size_t>(facet - kFacetNames.begin())];
    const auto place = std::lower_bound(values.begin(), values.end(), value);
    if (place != values.end() && *place == value) return {};
    if (values.size() == kMaxFacetValues) return Error{ErrorCode::limit_exceeded, "filter.values"};
    values.emplace(place, value);
  } else if (name == "search") {
    search = value;
  } else if (name == "size_min" || name == "size_max") {
    SAFELIGHT_TRY((name == "size_min" ? size_min : size_max), parse_number(value));
  } else if (name == "after" || name == "before") {
    SAFELIGHT_TRY((name == "after" ? after : before), parse_day(value));
  } else if (name == "known") {
    if (value != "shown" && value != "hidden") return kBadValue;
    known = value == "shown" ? KnownItems::shown : KnownItems::hidden;
  } else {
    return Error{ErrorCode::malformed, "filter.name"};
  }
  return {};
}

std::string to_text(const QueueFilter& filter) {
  std::string out;
  // Each with its length, so that no value can look like another part.
  const auto add = [&](std::string_view name, std::string_view value) {
    out.append(name).append("=").append(std::to_string(value.size()));
    out.append(":").append(value).append("&");
  };
  for (size_t facet = 0; facet < kFacets; ++facet) {
    for (const std::string& value : filter.wanted[facet]) add(kFacetNames[facet], value);
  }
  if (!filter.search.empty()) add("search", filter.search);
  if (filter.size_min) add("size_min", std::to_string(*filter.size_min));
  if (filter.size_max) add("size_max", std::to_string(*filter.size_max));
  const auto add_day = [&](std::string_view name, const std::optional<std::chrono::sys_days>& day) {
    if (day) add(name, std::to_string(day->time_since_epoch().count()));
  };
  add_day("after", filter.after);
  add_day("before", filter.before);
  if (filter.known == KnownItems::shown) add("known", "shown");
  return out;
}

}  // namespace safelight::serve
