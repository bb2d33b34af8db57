#pragma once

#include <cstdint>
#include <vector>

#include "safelight/triage/ranking.h"

namespace safelight::report {

/// An item's place in the order of review.
struct Rank {
  uint64_t number = 0;  ///< Counted from 1.
  const triage::RankedItem& item;
};

/// Finds the places of items in the order of review. 4 bytes an item.
class RankIndex {
 public:
  /// `order` must outlive it.
  explicit RankIndex(const std::vector<triage::RankedItem>& order);

  /// Throws std::invalid_argument for an item that has no place.
  [[nodiscard]] Rank find(const ItemId& id) const;

 private:
  const std::vector<triage::RankedItem>& order_;
  std::vector<uint32_t> by_id_;  ///< Places in `order_`, ascending by id.
};

}  // namespace safelight::report
