#pragma once

#include <cstdint>
#include <optional>

#include "safelight/triage/review.h"

namespace safelight::report {

/// An item's place in the order of review.
struct Rank {
  triage::ItemNumber item = 0;
  const triage::Place& place;
};

/// Finds the places of items in the order of review.
class RankIndex {
 public:
  /// `review` must outlive it.
  explicit RankIndex(const triage::Review& review) : review_(review) {}

  /// Throws std::invalid_argument for an item that has no place.
  [[nodiscard]] Rank find(const ItemId& id) const;
  /// Of the item that stands for that one; nothing where none does.
  [[nodiscard]] std::optional<Rank> lead_of(const Rank& rank) const;
  [[nodiscard]] Rank of(triage::ItemNumber item) const { return {item, review_.places[item]}; }
  [[nodiscard]] const ItemId& id_of(triage::ItemNumber item) const { return review_.items[item]; }

 private:
  const triage::Review& review_;
};

}  // namespace safelight::report
