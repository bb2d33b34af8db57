#pragma once

#include <optional>
#include <string>

#include "safelight/serve/queue/internal/compiled_filter.h"
#include "safelight/serve/queue/queue_answers.h"

namespace safelight::serve {

/// The cards that a filter leaves.
struct FilteredList {
  std::vector<ItemPlace> cards;  ///< Leaders, ascending.
  uint64_t items = 0;
};

FilteredList list_items(const ItemTable& items, const CompiledFilter& filter);

/// All but the version. `filter` is what `compiled` was made of.
QueueCounts count_queue(const ItemTable& items, const DecisionTable& decisions,
                        const QueueFilter& filter, const CompiledFilter& compiled);

/// Likewise.
QueueCharts chart_queue(const ItemTable& items, const DecisionTable& decisions);

/// What a folder is called: its path, with its source where there are several. Null-safe: nothing
/// for a mark of none.
std::optional<std::string> folder_name(const ItemTable& items, std::string_view mark);

}  // namespace safelight::serve
