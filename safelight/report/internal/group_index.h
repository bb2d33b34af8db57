#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "safelight/report/report.h"

namespace safelight::report {

/// The numbers of the groups that an item is in, counted from 1; 0 for none.
struct GroupNumbers {
  uint32_t exact = 0;
  uint32_t near = 0;
  uint32_t near_distance_bits = 0;  ///< From the representative of the near group.
};

/// Finds the groups of an item.
class GroupIndex {
 public:
  /// Groups are numbered in the order of `groups`, both kinds together.
  explicit GroupIndex(std::span<const ItemGroup> groups);

  [[nodiscard]] GroupNumbers find(const ItemId& id) const;

 private:
  struct Member {
    ItemId id;
    uint32_t group;
    GroupKind kind;
    uint32_t distance_bits;
  };
  std::vector<Member> members_;  ///< Ascending by id.
};

}  // namespace safelight::report
