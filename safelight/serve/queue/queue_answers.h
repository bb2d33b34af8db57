#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "safelight/serve/queue/card_facts.h"
#include "safelight/serve/queue/queue_filter.h"

namespace safelight::serve {

/// Some cards of a filtered queue, in its order.
struct QueuePage {
  uint64_t version = 0;
  uint64_t total = 0;        ///< Cards in the filtered queue.
  uint64_t items_total = 0;  ///< Items that fit the filter; a card may stand for several.
  uint64_t from = 0;         ///< The place of the first, counted from 0.
  std::vector<CardFacts> cards;
};

using ValueCounts = std::map<std::string, uint64_t, std::less<>>;

/// How many cards each value of a facet would leave, were it the only one asked for of that facet
/// and the rest of the filter as it is. Values that leave none are not there.
struct QueueCounts {
  uint64_t version = 0;
  std::array<ValueCounts, kFacets> by;         ///< By Facet.
  std::map<std::string, std::string> folders;  ///< What the marks in `by` stand for.

  [[nodiscard]] const ValueCounts& operator[](Facet facet) const {
    return by[static_cast<size_t>(facet)];
  }
};

/// Of folders those with the most cards are counted, and those that are asked for.
inline constexpr size_t kMaxFolderCounts = 200;

/// Figures of a whole case, in items.
struct QueueCharts {
  uint64_t version = 0;
  ValueCounts by_class;
  ValueCounts by_type;
  ValueCounts by_grade;                                             ///< By the strongest.
  std::map<std::pair<std::string, std::string>, uint64_t> by_list;  ///< By list and category.
  ValueCounts by_month;  ///< Of modification, such as "2026-11", on the clocks that wrote it.
  /// Items by the day, such as "2026-11-29" in UTC, since which somebody's word on them stands.
  ValueCounts decided_by_day;
  uint64_t left = 0;  ///< Cards, not items, with something open that is not set aside.
};

}  // namespace safelight::serve
