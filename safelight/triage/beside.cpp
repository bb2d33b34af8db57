#include "safelight/triage/internal/beside.h"

#include <algorithm>

namespace safelight::triage::internal {

BesideFinder::BesideFinder(std::span<const ItemFacts> facts,
                           const std::function<bool(ItemNumber)>& has_grave_hit, uint32_t minutes)
    : facts_(facts), seconds_(int64_t{minutes} * 60) {
  for (ItemNumber item = 0; item < facts.size(); ++item) {
    if (!has_grave_hit(item)) continue;
    const ItemFacts& known = facts[item];
    ++in_folder_[known.folder];
    if (known.archive != 0) ++in_archive_[known.archive];
    if (known.captured_s != kNoTime) captured_[known.source].push_back(known.captured_s);
    if (known.written_s != kNoTime) written_[known.source].push_back(known.written_s);
  }
  for (auto* times : {&captured_, &written_}) {
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
  const auto near = [&](const std::map<uint16_t, std::vector<int64_t>>& times, int64_t time) {
    return time == kNoTime ? 0 : within(times, facts, time) - own;
  };
  return {in(in_folder_, facts.folder), in(in_archive_, facts.archive),
          near(captured_, facts.captured_s), near(written_, facts.written_s)};
}

uint32_t BesideFinder::within(const std::map<uint16_t, std::vector<int64_t>>& times,
                              const ItemFacts& facts, int64_t time) const {
  const auto of_source = times.find(facts.source);
  if (of_source == times.end()) return 0;
  const auto first =
      std::lower_bound(of_source->second.begin(), of_source->second.end(), time - seconds_);
  const auto last = std::upper_bound(first, of_source->second.end(), time + seconds_);
  return static_cast<uint32_t>(last - first);
}

}  // namespace safelight::triage::internal
