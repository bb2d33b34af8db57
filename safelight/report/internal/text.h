#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "safelight/casefile/item.h"
#include "safelight/evidence/hit.h"

namespace safelight::report {

/// ISO 8601 with as many digits of the second as the time has, and Z for UTC. A time of an unknown
/// zone has no suffix: it is shown as it was found.
std::string iso_time(const casefile::Timestamp& time);
/// "" for none.
std::string iso_time(const std::optional<casefile::Timestamp>& time);
std::string iso_utc(int64_t ns);
/// Such as "2026-11-23 21:00:00", UTC.
std::string shown_time(int64_t ns);

/// `text` for HTML, or `otherwise`, which is HTML already, where there is none.
std::string shown_or(std::string_view text, std::string_view otherwise);

/// `text` as a field of RFC 4180: quoted where it has to be. Text that a spreadsheet would take for
/// a formula (it begins with = + - @, a tab or a carriage return) gets a ' in front.
std::string csv_field(std::string_view text);

/// Such as "3.4 GB"; powers of 1000.
std::string readable_bytes(uint64_t bytes);

/// Such as "charts: 1 (known) by pdq at 12 bits, rotate90, entry 7".
std::string describe(const Hit& hit);

}  // namespace safelight::report
