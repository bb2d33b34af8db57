#include "safelight/triage/groups.h"

#include <algorithm>
#include <iterator>

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

/// An item and, for near groups, its fingerprint in the mode that is compared.
struct Candidate {
  const GroupItem* item = nullptr;
  Fingerprint fingerprint;
};

/// Sorts `candidates` so that equal ones stand together, and calls `take` with each run of them.
template <typename Less, typename Take>
void each_run(std::vector<Candidate>& candidates, const Less& less, const Take& take) {
  std::sort(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) {
    if (less(a, b)) return true;
    if (less(b, a)) return false;
    return a.item->item < b.item->item;
  });
  for (auto begin = candidates.begin(); begin != candidates.end();) {
    const auto end = std::find_if(begin, candidates.end(),
                                  [&](const Candidate& one) { return less(*begin, one); });
    take(std::span<const Candidate>(begin, end));
    begin = end;
  }
}

std::vector<Group> find_exact(std::span<const GroupItem> items) {
  std::vector<Candidate> with_bytes;
  for (const GroupItem& item : items) {
    if (item.sha256) with_bytes.push_back({&item, {}});
  }
  std::vector<Group> groups;
  each_run(
      with_bytes,
      [](const Candidate& a, const Candidate& b) { return *a.item->sha256 < *b.item->sha256; },
      [&](std::span<const Candidate> run) {
        if (run.size() < 2) return;
        Group& group = groups.emplace_back();
        group.kind = GroupKind::exact;
        group.representative = run.front().item->item;
        for (const Candidate& one : run) group.members.push_back({one.item->item, 0});
      });
  put_in_order(groups);
  return groups;
}

std::vector<Candidate> comparable(std::span<const GroupItem> items, const GroupOptions& options,
                                  PdqMode mode) {
  std::vector<Candidate> taking_part;
  for (const GroupItem& item : items) {
    for (const PdqHash& hash : item.fingerprints) {
      if (hash.mode == mode && hash.quality >= options.min_quality) {
        taking_part.push_back({&item, hash.fingerprint});
      }
    }
  }
  return taking_part;
}

/// Counts the items that take part in no near group, of whatever mode.
void count_left_out(std::span<const GroupItem> items, const GroupOptions& options, Groups& groups) {
  for (const GroupItem& item : items) {
    if (item.fingerprints.empty()) {
      ++groups.without_fingerprint;
    } else if (std::all_of(
                   item.fingerprints.begin(), item.fingerprints.end(),
                   [&](const PdqHash& hash) { return hash.quality < options.min_quality; })) {
      ++groups.of_low_quality;
    }
  }
}

/// Whether they are two different contents at least: an exact group says the rest. A still without
/// bytes of its own is a content of its own.
bool of_different_contents(const std::vector<const GroupItem*>& items) {
  return std::any_of(items.begin() + 1, items.end(), [&](const GroupItem* item) {
    return !item->sha256 || item->sha256 != items.front()->sha256;
  });
}

std::vector<Group> find_near(std::span<const GroupItem> items, const GroupOptions& options,
                             PdqMode mode) {
  std::vector<Candidate> candidates = comparable(items, options, mode);
  // Equal fingerprints are compared once, however many items have them.
  std::vector<Fingerprint> fingerprints;
  std::vector<std::span<const Candidate>> holders;
  each_run(
      candidates,
      [](const Candidate& a, const Candidate& b) { return a.fingerprint < b.fingerprint; },
      [&](std::span<const Candidate> run) {
        fingerprints.push_back(run.front().fingerprint);
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
    group.mode = mode;
    group.representative = holders[centre].front().item->item;
    in_star.clear();
    for (; begin < by_centre.size() && centre_of[by_centre[begin]] == centre; ++begin) {
      const uint32_t place = by_centre[begin];
      const uint32_t distance_bits = hamming_distance(fingerprints[place], fingerprints[centre]);
      for (const Candidate& one : holders[place]) {
        in_star.push_back(one.item);
        group.members.push_back({one.item->item, distance_bits});
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
  for (const PdqMode mode : {PdqMode::reference, PdqMode::full}) {
    auto near = find_near(items, options, mode);
    std::move(near.begin(), near.end(), std::back_inserter(groups.near));
  }
  count_left_out(items, options, groups);
  return groups;
}

std::string_view to_text(GroupKind kind) { return kind == GroupKind::exact ? "exact" : "near"; }

}  // namespace safelight::triage
