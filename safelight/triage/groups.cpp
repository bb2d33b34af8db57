#include "safelight/triage/groups.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <numeric>
#include <utility>

#include "safelight/triage/internal/stars.h"

namespace safelight::triage {
namespace {

constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

void put_in_order(std::vector<Group>& groups) {
  for (Group& group : groups) {
    std::sort(group.members.begin(), group.members.end(),
              [&](const GroupMember& a, const GroupMember& b) {
                const bool a_leads = a.item == group.centre;
                const bool b_leads = b.item == group.centre;
                if (a_leads != b_leads) return a_leads;
                if (a.distance_bits != b.distance_bits) return a.distance_bits < b.distance_bits;
                return a.item < b.item;
              });
  }
  std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    if (a.members.size() != b.members.size()) return a.members.size() > b.members.size();
    return a.centre < b.centre;
  });
}

/// Distinct fingerprints in ascending order, and for each the items that have it, ascending.
struct Holders {
  std::vector<Fingerprint> fingerprints;
  std::vector<ItemNumber> items;  ///< All of them, by fingerprint.
  std::vector<uint32_t> first;    ///< Where those of a fingerprint begin; one more at the end.

  [[nodiscard]] std::span<const ItemNumber> of(size_t place) const {
    return std::span(items).subspan(first[place], first[place + 1] - first[place]);
  }
};

Holders gather_holders(std::vector<Fingerprint> fingerprints, std::vector<ItemNumber> items) {
  std::vector<uint32_t> order(items.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return fingerprints[a] != fingerprints[b] ? fingerprints[a] < fingerprints[b]
                                              : items[a] < items[b];
  });
  Holders out;
  out.items.reserve(items.size());
  for (const uint32_t at : order) {
    if (out.fingerprints.empty() || out.fingerprints.back() != fingerprints[at]) {
      out.first.push_back(static_cast<uint32_t>(out.items.size()));
      out.fingerprints.push_back(fingerprints[at]);
    }
    out.items.push_back(items[at]);
  }
  out.first.push_back(static_cast<uint32_t>(out.items.size()));
  return out;
}

}  // namespace

void GroupInput::add(const std::optional<Sha256>& sha256, std::span<const PdqHash> fingerprints,
                     Seen seen) {
  const auto number = static_cast<ItemNumber>(seen_.size());
  contents_.push_back(sha256.value_or(Sha256{}));
  has_content_.push_back(sha256.has_value());
  seen_.push_back(seen == Seen::yes);
  bool good = false;
  for (const PdqHash& hash : fingerprints) {
    if (hash.quality < min_quality_) continue;
    Prints& prints = prints_[static_cast<size_t>(hash.mode)];
    prints.fingerprints.push_back(hash.fingerprint);
    prints.holders.push_back(number);
    good = true;
  }
  if (fingerprints.empty()) {
    ++without_fingerprint_;
  } else if (!good) {
    ++of_low_quality_;
  }
}

class GroupFinder {
 public:
  GroupFinder(GroupInput& input, const GroupOptions& options) : input_(input), options_(options) {}

  Groups find(std::span<const Group> before) {
    Groups groups;
    groups.without_fingerprint = input_.without_fingerprint_;
    groups.of_low_quality = input_.of_low_quality_;
    groups.exact = exact();
    for (const PdqMode mode : {PdqMode::reference, PdqMode::full}) {
      auto near_groups = near(mode, before);
      std::move(near_groups.begin(), near_groups.end(), std::back_inserter(groups.near));
    }
    return groups;
  }

 private:
  [[nodiscard]] std::vector<Group> exact() const {
    std::vector<ItemNumber> items;
    for (ItemNumber item = 0; item < input_.size(); ++item) {
      if (input_.has_content_[item]) items.push_back(item);
    }
    std::sort(items.begin(), items.end(), [&](ItemNumber a, ItemNumber b) {
      const Sha256& left = input_.contents_[a];
      const Sha256& right = input_.contents_[b];
      return left != right ? left < right : a < b;
    });
    std::vector<Group> groups;
    for (auto begin = items.begin(); begin != items.end();) {
      const auto end = std::find_if(begin, items.end(), [&](ItemNumber item) {
        return input_.contents_[item] != input_.contents_[*begin];
      });
      if (end - begin > 1) {
        Group& group = groups.emplace_back();
        group.centre = group.shown = *begin;
        group.members.reserve(static_cast<size_t>(end - begin));
        for (; begin != end; ++begin) group.members.push_back({*begin, 0});
      }
      begin = end;
    }
    put_in_order(groups);
    return groups;
  }

  /// Takes the fingerprints of that mode out of the input.
  [[nodiscard]] std::vector<Group> near(PdqMode mode, std::span<const Group> before) {
    GroupInput::Prints& prints = input_.prints_[static_cast<size_t>(mode)];
    const Holders holders =
        gather_holders(std::exchange(prints.fingerprints, {}), std::exchange(prints.holders, {}));
    const size_t places = holders.fingerprints.size();
    std::vector<uint32_t> centre_of(places);
    std::iota(centre_of.begin(), centre_of.end(), 0u);
    std::vector<internal::Before> state(places, internal::Before::fresh);
    for (uint32_t place = 0; place < places; ++place) {
      for (const ItemNumber item : holders.of(place)) {
        if (input_.seen_[item]) state[place] = internal::Before::alone;
      }
    }
    take_up(before, mode, holders, centre_of, state);
    internal::StarOptions stars;
    stars.radius_bits = options_.radius_bits;
    stars.threads = options_.threads;
    stars.level = options_.level;
    internal::extend_stars(holders.fingerprints, state, stars, centre_of);
    return groups_of(mode, holders, centre_of);
  }

  /// Puts the groups of an earlier time into `centre_of`, as far as they hold. What was in one and
  /// is now in none is searched for again.
  void take_up(std::span<const Group> before, PdqMode mode, const Holders& holders,
               std::vector<uint32_t>& centre_of, std::vector<internal::Before>& state) const {
    using internal::Before;
    if (before.empty()) return;
    std::vector<uint32_t> place_of(input_.size(), kNone);
    for (uint32_t place = 0; place < holders.fingerprints.size(); ++place) {
      for (const ItemNumber item : holders.of(place)) place_of[item] = place;
    }
    for (const Group& group : before) {
      if (group.kind != GroupKind::near || group.mode != mode) continue;
      for (const GroupMember& member : group.members) {
        const uint32_t place = place_of[member.item];
        if (place != kNone && state[place] == Before::alone) state[place] = Before::fresh;
      }
      const uint32_t centre = place_of[group.centre];
      if (centre == kNone || state[centre] == Before::in_star) continue;
      bool holds = are_different_contents(holders.of(centre));
      for (const GroupMember& member : group.members) {
        const uint32_t place = place_of[member.item];
        if (place == kNone || place == centre || state[place] == Before::in_star) continue;
        if (hamming_distance(holders.fingerprints[place], holders.fingerprints[centre]) >
            options_.radius_bits) {
          continue;
        }
        centre_of[place] = centre;
        state[place] = Before::in_star;
        holds = true;
      }
      if (holds) state[centre] = Before::in_star;
    }
  }

  [[nodiscard]] std::vector<Group> groups_of(PdqMode mode, const Holders& holders,
                                             const std::vector<uint32_t>& centre_of) const {
    std::vector<uint32_t> by_centre(centre_of.size());
    std::iota(by_centre.begin(), by_centre.end(), 0u);
    std::sort(by_centre.begin(), by_centre.end(), [&](uint32_t a, uint32_t b) {
      return centre_of[a] != centre_of[b] ? centre_of[a] < centre_of[b] : a < b;
    });
    std::vector<Group> groups;
    for (size_t begin = 0; begin < by_centre.size();) {
      const uint32_t centre = centre_of[by_centre[begin]];
      size_t end = begin + 1;
      while (end < by_centre.size() && centre_of[by_centre[end]] == centre) ++end;
      // Different fingerprints are of different contents.
      if (end - begin > 1 || are_different_contents(holders.of(centre))) {
        Group& group = groups.emplace_back();
        group.kind = GroupKind::near;
        group.mode = mode;
        group.centre = group.shown = holders.of(centre).front();
        for (; begin < end; ++begin) {
          const uint32_t place = by_centre[begin];
          const uint32_t distance_bits =
              hamming_distance(holders.fingerprints[place], holders.fingerprints[centre]);
          for (const ItemNumber item : holders.of(place)) {
            group.members.push_back({item, distance_bits});
          }
        }
      }
      begin = end;
    }
    put_in_order(groups);
    return groups;
  }

  /// Whether they are two different contents at least: an exact group says the rest. A still
  /// without bytes of its own is a content of its own.
  [[nodiscard]] bool are_different_contents(std::span<const ItemNumber> items) const {
    return std::any_of(items.begin() + 1, items.end(), [&](ItemNumber item) {
      return !input_.has_content_[item] || !input_.has_content_[items[0]] ||
             input_.contents_[item] != input_.contents_[items[0]];
    });
  }

  GroupInput& input_;
  const GroupOptions& options_;
};

Groups find_groups(GroupInput input, const GroupOptions& options, std::span<const Group> before) {
  return GroupFinder(input, options).find(before);
}

}  // namespace safelight::triage
