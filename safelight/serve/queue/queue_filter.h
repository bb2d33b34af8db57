#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"

namespace safelight::serve {

/// By what a queue is narrowed and counted.
enum class Facet : uint8_t {
  state,       ///< ReviewState: an item can be in several.
  rank_class,  ///< Why it stands where it does; "unranked" where triage has not seen it.
  list,        ///< Each list that says something of it.
  category,    ///< What it counts as decided to be.
  grade,       ///< The strongest of its evidence of origin, or "none".
  type,        ///< Of its content; "unknown" where nobody looked.
  source,      ///< "S1" ...
  folder,      ///< By its mark.
};
inline constexpr size_t kFacets = 8;

/// As filters name it: "state", "class", "list" ...
std::string_view to_text(Facet facet);

/// Whether items that need no eyes are left out: those whose class is set aside.
enum class KnownItems : uint8_t { hidden, shown };

inline constexpr size_t kMaxFacetValues = 64;
inline constexpr size_t kMaxFacetValueBytes = 200;

/// What a reviewer asked to see: an item has to fit in each part that is there.
struct QueueFilter {
  /// By Facet, any one of the values; none: all. They are in order and once each.
  std::array<std::vector<std::string>, kFacets> wanted;
  std::string search;                ///< A mark of CaseQueue::keep_search(); "" for none.
  std::optional<uint64_t> size_min;  ///< In bytes, inclusive.
  std::optional<uint64_t> size_max;
  /// The first and the last day of its time of modification, on the clock that wrote it.
  std::optional<std::chrono::sys_days> after;
  std::optional<std::chrono::sys_days> before;
  KnownItems known = KnownItems::hidden;

  /// Takes one part by its name, such as "state", "size_min", "after" ("2026-11-29") or "known".
  /// Errors: malformed, "filter.name" or "filter.value"; limit_exceeded, "filter.values".
  Result<void> add(std::string_view name, std::string_view value);

  [[nodiscard]] const std::vector<std::string>& operator[](Facet facet) const {
    return wanted[static_cast<size_t>(facet)];
  }
  friend bool operator==(const QueueFilter&, const QueueFilter&) = default;
};

/// Equal filters give equal texts, and others give others.
std::string to_text(const QueueFilter& filter);

}  // namespace safelight::serve
