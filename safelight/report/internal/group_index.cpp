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
            [](const Member& a, const Member& b) { return a.item < b.item; });
}

GroupPlaces GroupIndex::find(triage::ItemNumber item) const {
  GroupPlaces out;
  auto member =
      std::lower_bound(members_.begin(), members_.end(), item,
                       [](const Member& m, triage::ItemNumber other) { return m.item < other; });
  for (; member != members_.end() && member->item == item; ++member) {
    const triage::Group& group = *groups_[member->group - 1];
    if (group.kind == GroupKind::exact) {
      out.exact = member->group;
    } else {
      out.near[static_cast<size_t>(group.mode)] = {member->group, member->distance_bits};
    }
  }
  return out;
}

}  // namespace safelight::report
