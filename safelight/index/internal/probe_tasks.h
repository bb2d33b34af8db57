#pragma once

#include <cstdint>
#include <vector>

#include "safelight/index/multi_plan.h"

namespace safelight::index_internal {

/// Values of a directory that lie in one line of cache.
inline constexpr uint32_t kLineKeys = 16;

/// Some of the keys that a query looks up in a part, by what they differ in from its own.
struct ProbeTask {
  /// The lines of the directory that have these keys: the first key of each.
  std::vector<uint32_t> lines;
  /// How far a key is stands in the upper four bits.
  std::vector<uint32_t> flips;
};

inline constexpr uint32_t kFlipDistanceShift = 28;
inline constexpr uint32_t kFlipMask = (uint32_t{1} << kFlipDistanceShift) - 1;
static_assert(MultiPlan::kMaxPartBits <= kFlipDistanceShift);

/// All keys of `bits` bits at most `threshold` away, each once.
std::vector<ProbeTask> make_probe_tasks(uint32_t bits, uint32_t threshold);

}  // namespace safelight::index_internal
