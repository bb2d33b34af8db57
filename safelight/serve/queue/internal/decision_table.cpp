#include "safelight/serve/queue/internal/decision_table.h"

#include <chrono>

#include "safelight/base/fault.h"

namespace safelight::serve {

int32_t day_of(int64_t time_ns) {
  const std::chrono::sys_time<std::chrono::nanoseconds> time{std::chrono::nanoseconds(time_ns)};
  return static_cast<int32_t>(
      std::chrono::floor<std::chrono::days>(time).time_since_epoch().count());
}

DecisionTable::DecisionTable(const ItemTable& items, const Decisions& decisions,
                             const ReviewRules& rules)
    : states(items.size(), bit_of(ReviewState::open)),
      category(items.size(), 0),
      decided_day(items.size(), kNeverDecided) {
  categories.number("");
  if (decisions.last_act() == 0) return;
  for (ItemPlace place = 0; place < items.size(); ++place) {
    const ItemDecision decision = decisions.of(items.ids[place]);
    if (!decision.is_empty()) set(place, decision, rules);
  }
}

void DecisionTable::set(ItemPlace place, const ItemDecision& decision, const ReviewRules& rules) {
  states[place] = states_of(decision, rules);
  const Opinion* decided = decision.decided();
  const uint32_t number = decided == nullptr ? 0 : categories.number(decided->category);
  if (number > UINT16_MAX) throw Fault("a case of more categories than can be queued");
  category[place] = static_cast<uint16_t>(number);
  decided_day[place] = kNeverDecided;
  if (decided != nullptr) decided_day[place] = day_of(decision.opinions.front().time_ns);
}

}  // namespace safelight::serve
