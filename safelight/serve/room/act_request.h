#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "safelight/casefile/act.h"
#include "safelight/decisions/decisions.h"
#include "safelight/evidence/origin.h"

namespace safelight::serve {

/// Whether an act is about the items that are named, or about all of their groups.
enum class ActReach : uint8_t { items, whole_groups };

/// What a person wants to do with items of a case.
struct ActRequest {
  casefile::ActKind kind = casefile::ActKind::category;  ///< None of undo and redo.
  std::vector<ItemId> items;
  ActReach reach = ActReach::items;
  std::string value;  ///< As casefile::Act has it.
  std::string text;
  uint64_t seen = 0;  ///< The last act that the person knew of.
  /// Made by whoever asks, so that a request that is sent again is done once; "" for none.
  std::string id;
};

/// An act that is on record.
struct DoneAct {
  uint64_t act = 0;
  uint64_t items = 0;
  uint64_t version = 0;  ///< CaseQueue::version() then.
};

/// What somebody else decided of an item, that the person who decides otherwise had not seen.
struct ActConflict {
  ItemId item;
  Opinion opinion;
};

/// An act that was undone or done again.
struct TurnedAct {
  uint64_t act = 0;
  casefile::ActKind kind = casefile::ActKind::category;
  std::string value;
  std::vector<ItemId> items;
};

}  // namespace safelight::serve
