#include "safelight/report/internal/rank_index.h"

#include <stdexcept>

namespace safelight::report {

Rank RankIndex::find(const ItemId& id) const {
  const auto item = review_.find(id);
  if (!item || *item >= review_.places.size()) {
    throw std::invalid_argument("an item that has no place in the order of review");
  }
  return of(*item);
}

std::optional<Rank> RankIndex::lead_of(const Rank& rank) const {
  if (rank.place.shown_with == triage::kNobody) return std::nullopt;
  return of(rank.place.shown_with);
}

}  // namespace safelight::report
