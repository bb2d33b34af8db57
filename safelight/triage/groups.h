#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "safelight/base/simd.h"
#include "safelight/evidence/group_kind.h"
#include "safelight/hash/digests.h"
#include "safelight/hash/fingerprint.h"

namespace safelight::triage {

/// An item's place among all items of a case in the order of their ids, from 0.
using ItemNumber = uint32_t;

struct GroupMember {
  ItemNumber item = 0;
  uint32_t distance_bits = 0;  ///< From the centre; 0 in an exact group.
  friend bool operator==(const GroupMember&, const GroupMember&) = default;
};

/// Items that a reviewer can look at together. An item is in at most one exact group, and in at
/// most one near group of each mode.
struct Group {
  GroupKind kind = GroupKind::exact;
  PdqMode mode = PdqMode::reference;  ///< Of a near group: of the fingerprints compared.
  /// What members are near to. With kind and mode it identifies a group. The first item that has
  /// the centre's fingerprint; of an exact group the first item.
  ItemNumber centre = 0;
  /// The member that a reviewer is shown: the centre, until triage has chosen.
  ItemNumber shown = 0;
  /// Two at least, the centre first, then by distance and number.
  std::vector<GroupMember> members;
  friend bool operator==(const Group&, const Group&) = default;
};

struct GroupOptions {
  uint32_t radius_bits = kDefaultRadiusBits;  ///< Inclusive.
  uint32_t threads = 1;                       ///< At least 1.
  SimdLevel level = detect_simd_level();
};

/// Every group, and how many items could not take part in near groups.
struct Groups {
  std::vector<Group> exact;  ///< Largest first, then by centre.
  std::vector<Group> near;   ///< By mode, then likewise. Each has two different contents at least.
  uint64_t without_fingerprint = 0;  ///< Items, not compared by likeness.
  uint64_t of_low_quality = 0;       ///< Likewise: none of their fingerprints is good enough.
};

/// What grouping looks at of the items of a case. 100 bytes an item with one fingerprint.
class GroupInput {
 public:
  /// Fingerprints of a quality under `min_quality` are left out.
  explicit GroupInput(uint8_t min_quality = kMinPdqQuality) : min_quality_(min_quality) {}

  /// Whether an item, as it is now, took part when the groups were made that are extended.
  enum class Seen : uint8_t { no, yes };

  /// Adds the next item in the order of ids. `sha256` is absent for a still that has no bytes of
  /// its own; `fingerprints` are those in the original orientation, at most one of each mode.
  void add(const std::optional<Sha256>& sha256, std::span<const PdqHash> fingerprints, Seen seen);

  [[nodiscard]] size_t size() const { return seen_.size(); }

 private:
  friend class GroupFinder;
  struct Prints {
    std::vector<Fingerprint> fingerprints;
    std::vector<ItemNumber> holders;
  };
  static constexpr size_t kModes = 2;

  uint8_t min_quality_;
  std::vector<Sha256> contents_;  ///< Zero where there is none.
  std::vector<bool> has_content_;
  std::vector<bool> seen_;
  Prints prints_[kModes];
  uint64_t without_fingerprint_ = 0;
  uint64_t of_low_quality_ = 0;
};

/// Groups items whose bytes are the same and items that look alike. Fingerprints are compared
/// within each mode that occurs, never across. The rule of near groups and why it is this one:
/// README.md. Each near member lies within the radius of its group's centre, and each item that
/// takes part and has an item of another content within the radius is in a near group.
///
/// Near groups in `before` are extended: they keep centre and members as far as these are still
/// near, and items that were not seen are taken in. Only these are searched for. Which groups come
/// of it depends on what was added when, but not on the order within one addition.
///
/// Takes what it needs out of `input`. Memory beside it: 140 bytes for each different fingerprint
/// of a mode. Time: README.md.
Groups find_groups(GroupInput input, const GroupOptions& options,
                   std::span<const Group> before = {});

}  // namespace safelight::triage
