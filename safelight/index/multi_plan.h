#pragma once

#include <cstdint>
#include <vector>

namespace safelight {

/// One part of a plan: some of a fingerprint's bits, and how far from a query's they may be.
struct PartPlan {
  uint32_t bits = 0;       ///< Bits of the part, 1 to kMaxPartBits.
  uint32_t threshold = 0;  ///< Distance within the part up to which a query looks.
  friend bool operator==(const PartPlan&, const PartPlan&) = default;
};

/// How the 256 bits are split; small radii may leave some out. Two fingerprints within the radius
/// agree up to its threshold in at least one part, since the thresholds and the number of parts add
/// up to the radius plus one (the general pigeonhole principle: J. Qin et al., "GPH: Similarity
/// Search in Hamming Space", 2018). In one of those, moreover, they differ in that part and the
/// next (behind the last comes the first) by no more than both thresholds and one together (J. Qin
/// and C. Xiao, "Pigeonring: A Principle for Faster Thresholded Similarity Search", 2018). Entries
/// have some bits of the next part beside them, by which nearly all are passed over.
struct MultiPlan {
  static constexpr uint32_t kMaxParts = 64;
  static constexpr uint32_t kMaxPartBits = 28;
  static constexpr uint32_t kMaxThreshold = 4;
  static constexpr uint32_t kMaxRadiusBits = 63;
  static constexpr uint32_t kMinEntryBytes = 4;
  static constexpr uint32_t kMaxEntryBytes = 8;

  std::vector<PartPlan> parts;
  /// The number of a row takes the lower bits, what is left is of the next part.
  uint32_t entry_bytes = kMinEntryBytes;
  friend bool operator==(const MultiPlan&, const MultiPlan&) = default;
};

/// What looking costs, in nanoseconds of one core. The defaults were measured:
/// safelight/index/README.md.
struct CostModel {
  double line_ns = 4;        ///< A line of a directory.
  double key_ns = 4;         ///< Each key that is looked up.
  double run_ns = 10;        ///< Each key that has entries: their first line.
  double entry_ns = 1;       ///< Each entry.
  double candidate_ns = 12;  ///< Each entry that passes: its row.
  uint32_t max_check_bits = 32;
  uint32_t max_part_bits = MultiPlan::kMaxPartBits;
  /// In a part. More keys than rows are mostly empty.
  double max_keys_per_row = 2;
  /// Of layouts of kManyRows and more.
  double max_bytes_per_row = 100;
};

/// From so many rows on, the memory of an index matters.
inline constexpr uint64_t kManyRows = 4'000'000;

/// Keys of `bits` (at most 63) bits at most `threshold` (at most 8) bits from a given one.
uint64_t ball_volume(uint32_t bits, uint32_t threshold);

/// Bits that number one of `rows` rows.
uint32_t row_bits_for(uint64_t rows);

/// Bytes of an entry that leave enough bits of the next part to pass over nearly all rows.
uint32_t entry_bytes_for(uint64_t rows);

/// What a part costs a query on average, among `rows` uniform rows of which entries have
/// `check_bits` bits of the next part, whose threshold is taken to be the same.
double part_cost_ns(const CostModel& model, uint64_t rows, uint32_t check_bits,
                    const PartPlan& part);
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
