#include "safelight/report/internal/group_index.h"

#include <algorithm>

namespace safelight::report {

GroupIndex::GroupIndex(std::span<const ItemGroup> groups) {
  for (size_t i = 0; i < groups.size(); ++i) {
    for (const GroupMember& member : groups[i].members) {
      members_.push_back(
          {member.item, static_cast<uint32_t>(i + 1), groups[i].kind, member.distance_bits});
    }
  }
  std::sort(members_.begin(), members_.end(),
            [](const Member& a, const Member& b) { return a.id < b.id; });
}

GroupNumbers GroupIndex::find(const ItemId& id) const {
  GroupNumbers out;
  auto member = std::lower_bound(members_.begin(), members_.end(), id,
                                 [](const Member& m, const ItemId& other) { return m.id < other; });
  for (; member != members_.end() && member->id == id; ++member) {
    if (member->kind == GroupKind::exact) {
      out.exact = member->group;
    } else {
      out.near = member->group;
      out.near_distance_bits = member->distance_bits;
    }
  }
  return out;
}

}  // namespace safelight::report
