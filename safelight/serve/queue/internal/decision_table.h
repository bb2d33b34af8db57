#pragma once

#include <cstdint>
#include <vector>

#include "safelight/decisions/decisions.h"
#include "safelight/serve/queue/internal/item_table.h"
#include "safelight/serve/queue/review_state.h"

namespace safelight::serve {

/// Days since 1970 of nanoseconds since then.
int32_t day_of(int64_t time_ns);

inline constexpr int32_t kNeverDecided = INT32_MIN;

/// What people said of the items of a table, as columns by ItemPlace.
struct DecisionTable {
  std::vector<uint8_t> states;       ///< As states_of().
  std::vector<uint16_t> category;    ///< In `categories`; 0 for none.
  std::vector<int32_t> decided_day;  ///< Since 1970, in UTC, or kNeverDecided.
  Vocabulary categories;

  DecisionTable(const ItemTable& items, const Decisions& decisions, const ReviewRules& rules);

  void set(ItemPlace place, const ItemDecision& decision, const ReviewRules& rules);
};

}  // namespace safelight::serve
