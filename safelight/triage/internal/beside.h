#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

#include "safelight/triage/ranking.h"

namespace safelight::triage::internal {

/// Counts the items with a hit that are in one place with another: the same folder, the same
/// archive, captured or written in the same minutes.
class BesideFinder {
 public:
  /// Minutes in which more items of a source were captured or written say nothing: a program that
  /// copied or unpacked them set the times, or a clock was never set.
  static constexpr uint32_t kMaxAtOnce = 1000;

  /// `facts` must outlive it.
  BesideFinder(std::span<const ItemFacts> facts,
               const std::function<bool(ItemNumber)>& has_grave_hit, uint32_t minutes);

  /// Whether the item itself is one of those that were counted.
  enum class Self : uint8_t { not_counted, counted };
  [[nodiscard]] KnownBeside find(ItemNumber item, Self self) const;

 private:
  /// Times by source, ascending.
  using Times = std::map<uint16_t, std::vector<int64_t>>;

  [[nodiscard]] uint32_t within(const Times& times, const ItemFacts& facts, int64_t time) const;

  const std::span<const ItemFacts> facts_;
  const int64_t seconds_;
  std::unordered_map<uint64_t, uint32_t> in_folder_;
  std::unordered_map<uint64_t, uint32_t> in_archive_;
  Times captured_;  ///< Of items with a hit.
  Times written_;
  Times all_captured_;
  Times all_written_;
};

}  // namespace safelight::triage::internal
