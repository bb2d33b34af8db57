#include "safelight/report/internal/group_index.h"

#include <algorithm>

namespace safelight::report {

GroupIndex::GroupIndex(const triage::Groups& groups) {
  for (const auto* of_kind : {&groups.exact, &groups.near}) {
    for (const triage::Group& group : *of_kind) {
      groups_.push_back(&group);
      const auto number = static_cast<uint32_t>(groups_.size());
      for (const triage::GroupMember& member : group.members) {
        members_.push_back({member.item, number, member.distance_bits});
      }
    }
  }
  std::sort(members_.begin(), members_.end(),
            [](const Member& a, const Member& b) { return a.id < b.id; });
}

GroupPlaces GroupIndex::find(const ItemId& id) const {
  GroupPlaces out;
  auto member = std::lower_bound(members_.begin(), members_.end(), id,
                                 [](const Member& m, const ItemId& other) { return m.id < other; });
  for (; member != members_.end() && member->id == id; ++member) {
    const triage::Group& group = *groups_[member->group - 1];
    if (group.kind == triage::GroupKind::exact) {
      out.exact = member->group;
    } else {
      out.near[static_cast<size_t>(group.mode)] = {member->group, member->distance_bits};
    }
  }
  return out;
}

}  // namespace safelight::report
