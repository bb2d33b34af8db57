#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace safelight {

/// The time as ISO 8601 in UTC, to the second: "2026-11-30T08:00:00Z".
std::string utc_text(int64_t ns);
/// The same of a time that may not be known.
std::optional<std::string> utc_text(std::optional<int64_t> ns);

}  // namespace safelight
