#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/base/simd.h"
#include "safelight/evidence/origin.h"
#include "safelight/hash/digests.h"
#include "safelight/hash/fingerprint.h"

namespace safelight::triage {

/// What grouping looks at of an item. Each item occurs once.
struct GroupItem {
  ItemId item;
  std::optional<Sha256> sha256;       ///< Absent for a still that has no bytes of its own.
  std::vector<PdqHash> fingerprints;  ///< In the original orientation, at most one of each mode.
};

enum class GroupKind : uint8_t {
  exact,  ///< The same bytes (SHA-256).
  near,   ///< Pictures that look alike: fingerprints within the radius of the representative's.
};

struct GroupMember {
  ItemId item;
  uint32_t distance_bits = 0;  ///< From the representative; 0 in an exact group.
  friend bool operator==(const GroupMember&, const GroupMember&) = default;
};

/// Items that a reviewer can look at together. An item is in at most one exact group, and in at
/// most one near group of each mode.
struct Group {
  GroupKind kind = GroupKind::exact;
  PdqMode mode = PdqMode::reference;  ///< Of a near group: of the fingerprints compared.
  /// With kind and mode it identifies a group: the same items always make the same groups.
  ItemId representative;
  /// Two at least, the representative first, then by distance and id.
  std::vector<GroupMember> members;
  friend bool operator==(const Group&, const Group&) = default;
};

struct GroupOptions {
  uint32_t radius_bits = kDefaultRadiusBits;  ///< Inclusive.
  uint8_t min_quality = kMinPdqQuality;       ///< Fingerprints of a lower quality are left out.
  uint32_t threads = 1;                       ///< At least 1.
  SimdLevel level = detect_simd_level();
};

/// Every group, and how many items could not take part in near groups.
struct Groups {
  std::vector<Group> exact;  ///< Largest first, then by representative.
  std::vector<Group> near;   ///< By mode, then likewise. Each has two different contents at least.
  uint64_t without_fingerprint = 0;  ///< Items, not compared by likeness.
  uint64_t of_low_quality = 0;       ///< Likewise: none of their fingerprints is good enough.
};

/// Groups items whose bytes are the same and items that look alike. The order of `items` does not
/// matter. Fingerprints are compared within each mode that occurs, never across. The rule of near
/// groups and why it is this one: README.md. Each near member lies within the radius of its
/// representative, and each item that takes part and has an item of another content within the
/// radius is in a near group.
///
/// Time grows with the square of the number of different fingerprints of a mode, memory with their
/// number: 110 bytes each, and 200 for an item.
Groups find_groups(std::span<const GroupItem> items, const GroupOptions& options);

std::string_view to_text(GroupKind kind);

}  // namespace safelight::triage
