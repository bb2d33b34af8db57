#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "safelight/casefile/item.h"
#include "safelight/decisions/decisions.h"
#include "safelight/evidence/finding.h"
#include "safelight/evidence/hit.h"
#include "safelight/evidence/origin.h"
#include "safelight/serve/queue/review_state.h"

namespace safelight::serve {

/// A list and category that say something of an item.
struct ListedAs {
  std::string list;
  std::string category;
  Disposition disposition = Disposition::review;
  friend bool operator==(const ListedAs&, const ListedAs&) = default;
};

/// What a card of the queue is made of. Who may see which of it is for the caller to say.
struct CardFacts {
  ItemId item;
  ItemId leader;         ///< The item that stands for it; itself where none other does.
  uint64_t rank = 0;     ///< Counted from 1 over all items of the case.
  uint32_t members = 1;  ///< Items of its group, itself among them.
  std::string rank_class;
  bool is_known = false;  ///< Known material by digest, which is set aside.
  std::string type;
  uint32_t width = 0;  ///< 0 where it is no picture or that is not known.
  uint32_t height = 0;
  std::optional<uint64_t> size_bytes;
  std::optional<casefile::Timestamp> modified;
  std::string source;
  std::string folder;  ///< As a path, "" for the source's root; `name` follows it.
  std::string name;
  std::vector<ListedAs> lists;
  std::vector<Grade> grades;  ///< Of its evidence of origin, the strongest first.
  Coverage coverage = Coverage::none;
  ItemDecision decision;
  SecondLook second_look = SecondLook::not_asked;
  friend bool operator==(const CardFacts&, const CardFacts&) = default;
};

}  // namespace safelight::serve
