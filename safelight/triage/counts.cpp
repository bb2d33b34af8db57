#include "safelight/triage/counts.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <vector>

namespace safelight::triage {
namespace {

/// A content in a place, each by a number; enough to count.
struct Occurrence {
  uint32_t place;
  uint64_t content;
  friend auto operator<=>(const Occurrence&, const Occurrence&) = default;
};

uint64_t first_bytes(const casefile::ContentKey& key) {
  uint64_t value = 0;
  std::memcpy(&value, key.value.bytes.data(), sizeof(value));
  return value;
}

/// Counts the distinct contents of each place.
template <typename Give>
void count_contents(std::vector<Occurrence>& occurrences, const Give& give) {
  std::sort(occurrences.begin(), occurrences.end());
  occurrences.erase(std::unique(occurrences.begin(), occurrences.end()), occurrences.end());
  for (const Occurrence& one : occurrences) give(one.place);
}

/// Whether each item is in a group, and which content each exact group's member has in common.
struct GroupedItems {
  explicit GroupedItems(const Review& review)
      : in_group(review.items.size(), false), exact_centre(review.items.size(), kNobody) {
    for (const auto* of_kind : {&review.groups.exact, &review.groups.near}) {
      for (const Group& group : *of_kind) {
        for (const GroupMember& member : group.members) {
          in_group[member.item] = true;
          if (group.kind == GroupKind::exact) exact_centre[member.item] = group.centre;
        }
      }
    }
  }

  std::vector<bool> in_group;
  std::vector<ItemNumber> exact_centre;
};

}  // namespace

Counts count_case(const casefile::Reader& reader, const Review& review) {
  Counts counts;
  counts.exact_groups = review.groups.exact.size();
  counts.near_groups = review.groups.near.size();
  const GroupedItems grouped(review);
  std::vector<Tally*> tallies;  // by the number of a folder
  std::map<const Tally*, uint32_t> numbers;
  std::vector<Occurrence> in_folders;
  std::vector<Occurrence> in_sources;
  std::map<std::string, uint32_t> source_numbers;
  std::vector<Tally*> source_tallies;

  reader.for_each_item([&](const casefile::StoredItem& stored) {
    const auto found = review.find(stored.item.id);
    if (!found) throw std::invalid_argument("an item that has no place in the order of review");
    const ItemNumber item = *found;
    const Place& place = review.places[item];
    const std::string& source_id = stored.item.origin.source_id;
    Tally& source = counts.by_source[source_id];
    const auto [source_number, new_source] =
        source_numbers.try_emplace(source_id, static_cast<uint32_t>(source_tallies.size()));
    if (new_source) source_tallies.push_back(&source);
    Tally& folder = counts.by_folder[{source_id, folder_of(stored.item.origin)}];
    const auto [folder_number, new_folder] =
        numbers.try_emplace(&folder, static_cast<uint32_t>(tallies.size()));
    if (new_folder) tallies.push_back(&folder);
    if (stored.item.content) {
      const uint64_t content = first_bytes(*stored.item.content);
      in_folders.push_back({folder_number->second, content});
      in_sources.push_back({source_number->second, content});
    }
    uint64_t Tally::*what = &Tally::to_review;
    if (place.rank_class == RankClass::ordinary) {
      what = &Tally::ordinary;
    } else if (place.rank_class == RankClass::known) {
      what = &Tally::known;
    } else if (place.shown_with != kNobody) {
      const ItemNumber centre = grouped.exact_centre[item];
      const bool same = centre != kNobody && centre == grouped.exact_centre[place.shown_with];
      what = same ? &Tally::same_bytes : &Tally::same_group;
    }
    for (Tally* tally : {&counts.all, &source, &folder}) {
      ++tally->items;
      ++(tally->*what);
      if (grouped.in_group[item]) ++tally->in_groups;
      if (stored.item.coverage == Coverage::none) ++tally->not_examined;
      if (stored.item.coverage == Coverage::partial) ++tally->partly_examined;
    }
  });
  count_contents(in_folders, [&](uint32_t folder) { ++tallies[folder]->contents; });
  count_contents(in_sources, [&](uint32_t source) { ++source_tallies[source]->contents; });
  for (Occurrence& one : in_sources) one.place = 0;
  count_contents(in_sources, [&](uint32_t) { ++counts.all.contents; });
  return counts;
}

}  // namespace safelight::triage
