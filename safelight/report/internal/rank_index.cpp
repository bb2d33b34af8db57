#include "safelight/report/internal/rank_index.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace safelight::report {

RankIndex::RankIndex(const std::vector<triage::RankedItem>& order)
    : order_(order), by_id_(order.size()) {
  std::iota(by_id_.begin(), by_id_.end(), 0);
  std::sort(by_id_.begin(), by_id_.end(),
            [&](uint32_t a, uint32_t b) { return order_[a].item < order_[b].item; });
}

Rank RankIndex::find(const ItemId& id) const {
  const auto place =
      std::lower_bound(by_id_.begin(), by_id_.end(), id,
                       [&](uint32_t at, const ItemId& other) { return order_[at].item < other; });
  if (place == by_id_.end() || order_[*place].item != id) {
    throw std::invalid_argument("an item that has no place in the order of review");
  }
  return {uint64_t{*place} + 1, order_[*place]};
}

}  // namespace safelight::report
