#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "safelight/evidence/group_kind.h"
#include "safelight/evidence/origin.h"
#include "safelight/evidence/reason.h"
#include "safelight/hash/fingerprint.h"

/// What triage stores in a case: groups and the order of review. What a class, a key or a reason
/// means is said by triage.
namespace safelight::casefile {

/// A group of items, named by its kind, mode and centre.
struct StoredGroup {
  GroupKind kind = GroupKind::exact;
  PdqMode mode = PdqMode::reference;  ///< Of a near group.
  ItemId centre;                      ///< What the members are near to.
  ItemId shown;                       ///< The member that a reviewer is shown.
  uint64_t members = 0;               ///< 0 for a group that is no more.
  friend bool operator==(const StoredGroup&, const StoredGroup&) = default;
};

/// In which group an item is, for each kind and mode.
struct StoredMember {
  ItemId item;
  GroupKind kind = GroupKind::exact;
  PdqMode mode = PdqMode::reference;
  std::optional<ItemId> centre;  ///< Of its group; absent if it is in none any more.
  uint32_t distance_bits = 0;    ///< From the centre.
  friend bool operator==(const StoredMember&, const StoredMember&) = default;
};

/// Where an item stands in the order of review. An item that is shown with another follows it;
/// items that are not stand by class, then by key as bytes, then by id, and so do those that follow
/// the same one. Places as such are not stored: one new item would move all those behind it.
struct StoredReview {
  std::string rank_class;
  std::string key;
  std::vector<Reason> reasons;
  std::optional<ItemId> shown_with;
  friend bool operator==(const StoredReview&, const StoredReview&) = default;
};

struct ItemReview {
  ItemId item;
  StoredReview review;
};

/// That groups and order of review are those of the case as it was.
struct TriageState {
  uint64_t as_of = 0;  ///< Reader::evidence_version() of the case then.
  std::vector<std::pair<std::string, std::string>> options;
  /// Whether nothing was stored since: false after a later store that was interrupted. Not written.
  bool whole = true;
  friend bool operator==(const TriageState&, const TriageState&) = default;
};

/// What is committed together. Each replaces what the case holds of the same group or item.
struct TriageBatch {
  std::vector<StoredGroup> groups;
  std::vector<StoredMember> members;
  std::vector<ItemReview> reviews;
  std::optional<TriageState> state;  ///< With the last batch only.
};

}  // namespace safelight::casefile
