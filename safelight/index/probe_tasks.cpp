#include "safelight/index/internal/probe_tasks.h"

#include <algorithm>
#include <bit>

namespace safelight::index_internal {
namespace {

// A task takes so many keys, and then their entries, through the stages of a search as the caches
// nearest to the core hold beside those of the tasks before it. A little over, so that a line of
// the directory is in one task.
constexpr size_t kTaskKeys = 128;

/// Calls `on_flip(flip)` for each number of `bits` bits of which `count` are set, in ascending
/// order.
template <typename OnFlip>
void for_each_flip(uint32_t bits, uint32_t count, const OnFlip& on_flip) {
  if (count > bits) return;
  const uint32_t end = uint32_t{1} << bits;
  uint32_t flip = (uint32_t{1} << count) - 1;
  do {
    on_flip(flip);
    if (flip == 0) return;
    // The next number with as many bits set (R. W. Gosper, HAKMEM, item 175).
    const uint32_t lowest = flip & (0 - flip);
    const uint32_t ripple = flip + lowest;
    flip = ripple | ((flip ^ ripple) >> 2) / lowest;
  } while (flip < end);
}

}  // namespace

std::vector<ProbeTask> make_probe_tasks(uint32_t bits, uint32_t threshold) {
  constexpr auto kLineBits = static_cast<uint32_t>(std::bit_width(kLineKeys) - 1);
  const uint32_t low_bits = std::min(bits, kLineBits);
  std::vector<ProbeTask> tasks;
  for (uint32_t distance = 0; distance <= threshold; ++distance) {
    for_each_flip(bits - low_bits, distance, [&](uint32_t line) {
      if (tasks.empty() || tasks.back().flips.size() >= kTaskKeys) tasks.emplace_back();
      ProbeTask& task = tasks.back();
      task.lines.push_back(line << low_bits);
      for (uint32_t low = 0; low < uint32_t{1} << low_bits; ++low) {
        const uint32_t away = distance + static_cast<uint32_t>(std::popcount(low));
        if (away > threshold) continue;
        task.flips.push_back((line << low_bits | low) | away << kFlipDistanceShift);
      }
    });
  }
  return tasks;
}

}  // namespace safelight::index_internal
