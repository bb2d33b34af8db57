#pragma once

#include <cstdint>
#include <vector>

namespace safelight {

/// One part of a plan: some of a fingerprint's bits, and how far from a query's they may be.
struct PartPlan {
  uint32_t bits = 0;        ///< Bits of the part, 1 to kMaxPartBits.
  uint32_t block_bits = 0;  ///< Bits that name a block of the part; the others are an entry's tag.
  uint32_t threshold = 0;   ///< Distance within the part up to which a query looks.
  friend bool operator==(const PartPlan&, const PartPlan&) = default;
};

/// How the 256 bits are split; small radii may leave some out. Two fingerprints within the radius
/// agree up to its threshold in at least one part, since the thresholds and the number of parts add
/// up to the radius plus one (the general pigeonhole principle: J. Qin et al., "GPH: Similarity
/// Search in Hamming Space", 2018).
struct MultiPlan {
  static constexpr uint32_t kMaxParts = 64;
  static constexpr uint32_t kMaxPartBits = 32;
  static constexpr uint32_t kMaxBlockBits = 26;
  static constexpr uint32_t kMaxTagBits = 8;
  static constexpr uint32_t kMaxThreshold = 4;
  static constexpr uint32_t kMaxRadiusBits = 63;

  std::vector<PartPlan> parts;
  friend bool operator==(const MultiPlan&, const MultiPlan&) = default;
};

/// What looking costs, in nanoseconds of one core. The defaults were measured:
/// safelight/index/README.md.
struct CostModel {
  double probe_ns = 15;           ///< Opening a block: its place in the directory, its first line.
  double entry_ns = 0.3;          ///< Each entry of an opened block.
  double candidate_ns = 10;       ///< Each entry whose tag passes: its row.
  double entries_per_block = 12;  ///< At most so many on average, where bits allow it.
  uint32_t max_tag_bits = MultiPlan::kMaxTagBits;  ///< 0: every key has a block of its own.
};

/// Keys of `bits` (at most 63) bits at most `threshold` (at most 8) bits from a given one.
uint64_t ball_volume(uint32_t bits, uint32_t threshold);

/// Bits of a tag that are left in an entry of 32 bits beside the number of a row; at most
/// MultiPlan::kMaxTagBits.
uint32_t tag_bits_for(uint64_t rows);

/// The bits of a part of `bits` bits that should name a block among `rows` rows. More may be
/// left over than fit a tag: such a part is too wide for so few rows.
uint32_t block_bits_for(const CostModel& model, uint64_t rows, uint32_t bits);

/// What a part costs a query on average, among `rows` uniform rows.
double part_cost_ns(const CostModel& model, uint64_t rows, const PartPlan& part);
double plan_cost_ns(const CostModel& model, uint64_t rows, const MultiPlan& plan);

/// The cheapest plan for `rows` (at least 1) rows and a radius of at most
/// MultiPlan::kMaxRadiusBits, widest parts last. The same arguments give the same plan.
/// `all_bits` is what the parts' bits add up to at most.
MultiPlan plan_parts(uint64_t rows, uint32_t radius_bits, const CostModel& model = {},
                     uint32_t all_bits = 256);

/// For a part that a query leaves out.
inline constexpr int kNoProbe = -1;

/// Thresholds for a query of a smaller radius than a plan was made for: for each part the most it
/// has to look at, or kNoProbe, such that nothing within the radius is missed and the cost is
/// least. `radius_bits` is at most that of the plan.
std::vector<int> thresholds_for(const CostModel& model, uint64_t rows, const MultiPlan& plan,
                                uint32_t radius_bits);

}  // namespace safelight
