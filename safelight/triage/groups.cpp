#include "safelight/triage/groups.h"

#include <algorithm>
#include <cassert>

#include "safelight/triage/internal/stars.h"

namespace safelight::triage {
namespace {

void put_in_order(std::vector<Group>& groups) {
  for (Group& group : groups) {
    std::sort(group.members.begin(), group.members.end(),
              [&](const GroupMember& a, const GroupMember& b) {
                const bool a_leads = a.item == group.representative;
                const bool b_leads = b.item == group.representative;
                if (a_leads != b_leads) return a_leads;
                if (a.distance_bits != b.distance_bits) return a.distance_bits < b.distance_bits;
                return a.item < b.item;
              });
  }
  std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    if (a.members.size() != b.members.size()) return a.members.size() > b.members.size();
    return a.representative < b.representative;
  });
}

/// Sorts `items` so that equal ones stand together, and calls `take` with each run of them.
template <typename Less, typename Take>
void each_run(std::vector<const GroupItem*>& items, const Less& less, const Take& take) {
  std::sort(items.begin(), items.end(), [&](const GroupItem* a, const GroupItem* b) {
    if (less(*a, *b)) return true;
    if (less(*b, *a)) return false;
    return a->item < b->item;
  });
  for (auto begin = items.begin(); begin != items.end();) {
    const auto end =
        std::find_if(begin, items.end(), [&](const GroupItem* one) { return less(**begin, *one); });
    take(std::span<const GroupItem* const>(begin, end));
    begin = end;
  }
}

std::vector<Group> find_exact(std::span<const GroupItem> items) {
  std::vector<const GroupItem*> with_bytes;
  for (const GroupItem& item : items) {
    if (item.sha256) with_bytes.push_back(&item);
  }
  std::vector<Group> groups;
  each_run(
      with_bytes, [](const GroupItem& a, const GroupItem& b) { return *a.sha256 < *b.sha256; },
      [&](std::span<const GroupItem* const> run) {
        if (run.size() < 2) return;
        Group& group = groups.emplace_back();
        group.kind = GroupKind::exact;
        group.representative = run.front()->item;
        for (const GroupItem* item : run) group.members.push_back({item->item, 0});
      });
  put_in_order(groups);
  return groups;
}

/// The items that take part in near groups; the others are counted in `groups`.
std::vector<const GroupItem*> comparable(std::span<const GroupItem> items,
                                         const GroupOptions& options, Groups& groups) {
  std::vector<const GroupItem*> taking_part;
  for (const GroupItem& item : items) {
    if (!item.pdq) {
      ++groups.without_fingerprint;
    } else if (item.pdq->mode != options.mode) {
      ++groups.of_other_mode;
    } else if (item.pdq->quality < options.min_quality) {
      ++groups.of_low_quality;
    } else {
      taking_part.push_back(&item);
    }
  }
  return taking_part;
}

/// Whether they are two different contents at least: an exact group says the rest. A still without
/// bytes of its own is a content of its own.
bool of_different_contents(const std::vector<const GroupItem*>& items) {
  return std::any_of(items.begin() + 1, items.end(), [&](const GroupItem* item) {
    return !item->sha256 || item->sha256 != items.front()->sha256;
  });
}

std::vector<Group> find_near(std::vector<const GroupItem*> items, const GroupOptions& options) {
  // Equal fingerprints are compared once, however many items have them.
  std::vector<Fingerprint> fingerprints;
  std::vector<std::span<const GroupItem* const>> holders;
  each_run(
      items,
      [](const GroupItem& a, const GroupItem& b) {
        return a.pdq->fingerprint < b.pdq->fingerprint;
      },
      [&](std::span<const GroupItem* const> run) {
        fingerprints.push_back(run.front()->pdq->fingerprint);
        holders.push_back(run);
      });
  const auto centre_of =
      internal::find_stars(fingerprints, {options.radius_bits, options.threads, options.level});

  std::vector<uint32_t> by_centre(fingerprints.size());
  for (uint32_t i = 0; i < by_centre.size(); ++i) by_centre[i] = i;
  std::sort(by_centre.begin(), by_centre.end(), [&](uint32_t a, uint32_t b) {
    return centre_of[a] != centre_of[b] ? centre_of[a] < centre_of[b] : a < b;
  });
  std::vector<Group> groups;
  std::vector<const GroupItem*> in_star;
  for (size_t begin = 0; begin < by_centre.size();) {
    const uint32_t centre = centre_of[by_centre[begin]];
    Group group;
    group.kind = GroupKind::near;
    group.representative = holders[centre].front()->item;
    in_star.clear();
    for (; begin < by_centre.size() && centre_of[by_centre[begin]] == centre; ++begin) {
      const uint32_t place = by_centre[begin];
      const uint32_t distance_bits = hamming_distance(fingerprints[place], fingerprints[centre]);
      for (const GroupItem* item : holders[place]) {
        in_star.push_back(item);
        group.members.push_back({item->item, distance_bits});
      }
    }
    if (of_different_contents(in_star)) groups.push_back(std::move(group));
  }
  put_in_order(groups);
  return groups;
}

}  // namespace

Groups find_groups(std::span<const GroupItem> items, const GroupOptions& options) {
  Groups groups;
  groups.exact = find_exact(items);
  groups.near = find_near(comparable(items, options, groups), options);
  return groups;
}

std::string_view to_text(GroupKind kind) { return kind == GroupKind::exact ? "exact" : "near"; }

std::string group_id(const Group& group) {
  return std::string(to_text(group.kind)) + "-" + to_hex(group.representative.value);
}

}  // namespace safelight::triage
