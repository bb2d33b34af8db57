#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "safelight/triage/groups.h"

namespace safelight::report {

inline constexpr size_t kPdqModes = 2;

/// An item's place in a near group.
struct NearPlace {
  uint32_t group = 0;          ///< Its number, 0 for none.
  uint32_t distance_bits = 0;  ///< From the group's centre.
};

/// The groups that an item is in.
struct GroupPlaces {
  uint32_t exact = 0;  ///< The number of its group, 0 for none.
  std::array<NearPlace, kPdqModes> near;

  [[nodiscard]] const NearPlace& near_in(PdqMode mode) const {
    return near[static_cast<size_t>(mode)];
  }
};

/// Numbers groups from 1, the exact ones first, and finds those of an item.
class GroupIndex {
 public:
  /// `groups` must outlive it.
  explicit GroupIndex(const triage::Groups& groups);

  /// In the order of their numbers.
  [[nodiscard]] const std::vector<const triage::Group*>& groups() const { return groups_; }
  [[nodiscard]] GroupPlaces find(triage::ItemNumber item) const;

 private:
  struct Member {
    triage::ItemNumber item;
    uint32_t group;
    uint32_t distance_bits;
  };
  std::vector<const triage::Group*> groups_;
  std::vector<Member> members_;  ///< Ascending by item.
};

}  // namespace safelight::report
