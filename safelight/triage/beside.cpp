#include "safelight/triage/internal/beside.h"

#include <algorithm>

namespace safelight::triage::internal {

BesideFinder::BesideFinder(std::span<const ItemFacts> facts,
                           const std::function<bool(ItemNumber)>& has_grave_hit, uint32_t minutes)
    : facts_(facts), seconds_(int64_t{minutes} * 60) {
  const auto note = [](Times& times, const ItemFacts& one, int64_t time) {
    if (time != kNoTime) times[one.source].push_back(time);
  };
  for (ItemNumber item = 0; item < facts.size(); ++item) {
    const ItemFacts& one = facts[item];
    note(all_captured_, one, one.captured_s);
    note(all_written_, one, one.written_s);
    if (!has_grave_hit(item)) continue;
    ++in_folder_[one.folder];
    if (one.archive != 0) ++in_archive_[one.archive];
    note(captured_, one, one.captured_s);
    note(written_, one, one.written_s);
  }
  for (auto* times : {&captured_, &written_, &all_captured_, &all_written_}) {
    for (auto& [source, of_source] : *times) std::sort(of_source.begin(), of_source.end());
  }
}

KnownBeside BesideFinder::find(ItemNumber item, Self self) const {
  const ItemFacts& facts = facts_[item];
  const uint32_t own = self == Self::counted ? 1 : 0;
  const auto in = [&](const std::unordered_map<uint64_t, uint32_t>& places, uint64_t place) {
    const auto found = places.find(place);
    return found == places.end() ? 0 : found->second - own;
  };
  const auto near = [&](const Times& times, const Times& all, int64_t time) {
    const bool says_something = time != kNoTime && within(all, facts, time) <= kMaxAtOnce;
    return says_something ? within(times, facts, time) - own : 0;
  };
  return {in(in_folder_, facts.folder), in(in_archive_, facts.archive),
          near(captured_, all_captured_, facts.captured_s),
          near(written_, all_written_, facts.written_s)};
}

uint32_t BesideFinder::within(const Times& times, const ItemFacts& facts, int64_t time) const {
  const auto of_source = times.find(facts.source);
  if (of_source == times.end()) return 0;
  const auto first =
      std::lower_bound(of_source->second.begin(), of_source->second.end(), time - seconds_);
  const auto last = std::upper_bound(first, of_source->second.end(), time + seconds_);
  return static_cast<uint32_t>(last - first);
}

}  // namespace safelight::triage::internal
