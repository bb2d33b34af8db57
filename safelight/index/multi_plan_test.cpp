#include "safelight/index/multi_plan.h"

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <map>
#include <numeric>

namespace safelight {
namespace {

/// Each key looked up and each entry found there is one access.
constexpr CostModel kAccesses = {.line_ns = 0,
                                 .key_ns = 1,
                                 .run_ns = 0,
                                 .entry_ns = 0,
                                 .candidate_ns = 1,
                                 .max_check_bits = 0,
                                 .max_part_bits = 32,
                                 .max_keys_per_row = 1e9,
                                 .max_bytes_per_row = 1e12};

/// The measured costs, however many keys that makes.
constexpr CostModel kAnyWidth = {.max_keys_per_row = 1e9};

/// How often each {bits, threshold} occurs.
std::map<std::pair<uint32_t, uint32_t>, int> kinds_of(const MultiPlan& plan) {
  std::map<std::pair<uint32_t, uint32_t>, int> kinds;
  for (const PartPlan& part : plan.parts) ++kinds[{part.bits, part.threshold}];
  return kinds;
}

void expect_covers(const MultiPlan& plan, uint32_t radius_bits, uint32_t all_bits = 256) {
  uint32_t bits = 0;
  uint32_t turns = 0;
  for (const PartPlan& part : plan.parts) {
    bits += part.bits;
    turns += part.threshold + 1;
    EXPECT_GE(part.bits, part.threshold);
  }
  EXPECT_LE(bits, all_bits);
  EXPECT_EQ(turns, radius_bits + 1);
  EXPECT_LE(plan.parts.size(), MultiPlan::kMaxParts);
}

/// The least cost over every way to split, by trying all.
double least_cost(const CostModel& model, uint64_t rows, uint32_t check_bits, uint32_t bits,
                  uint32_t turns, uint32_t least_bits = 1) {
  if (turns == 0) return 0;
  double least = std::numeric_limits<double>::infinity();
  for (uint32_t part_bits = least_bits; part_bits <= bits; ++part_bits) {
    for (uint32_t threshold = 0;
         threshold <= std::min({part_bits, turns - 1, MultiPlan::kMaxThreshold}); ++threshold) {
      least = std::min(least, part_cost_ns(model, rows, check_bits, {part_bits, threshold}) +
                                  least_cost(model, rows, check_bits, bits - part_bits,
                                             turns - threshold - 1, part_bits));
    }
  }
  return least;
}

TEST(BallVolume, CountsTheKeysWithinADistance) {
  EXPECT_EQ(ball_volume(16, 0), 1u);
  EXPECT_EQ(ball_volume(16, 1), 17u);
  EXPECT_EQ(ball_volume(24, 2), 301u);
  EXPECT_EQ(ball_volume(28, 3), 3683u);
  EXPECT_EQ(ball_volume(5, 5), 32u);
  EXPECT_EQ(ball_volume(5, 8), 32u);
  EXPECT_EQ(ball_volume(0, 3), 1u);
}

TEST(MultiPlan, LeavesRoomInAnEntryForBitsOfTheNextPart) {
  EXPECT_EQ(row_bits_for(0), 0u);
  EXPECT_EQ(row_bits_for(1), 0u);
  EXPECT_EQ(row_bits_for(2), 1u);
  EXPECT_EQ(row_bits_for(1 << 24), 24u);
  EXPECT_EQ(row_bits_for((1 << 24) + 1), 25u);
  EXPECT_EQ(row_bits_for(0xffff'ffff), 32u);
  EXPECT_EQ(entry_bytes_for(1), 4u);
  EXPECT_EQ(entry_bytes_for(1'000'000), 4u);
  EXPECT_EQ(entry_bytes_for(10'000'000), 5u);
  EXPECT_EQ(entry_bytes_for(0xffff'ffff), 6u);
}

TEST(MultiPlan, KeepsLargeIndexesWithinTheMemoryThatTheyMayTake) {
  for (const uint64_t rows : {kManyRows, uint64_t{10'000'000}, uint64_t{100'000'000}}) {
    const MultiPlan plan = plan_parts(rows, 31);
    double bytes = 32;
    for (const PartPlan& part : plan.parts) {
      bytes +=
          plan.entry_bytes + std::ldexp(4, static_cast<int>(part.bits)) / static_cast<double>(rows);
    }
    EXPECT_LE(bytes, CostModel{}.max_bytes_per_row) << rows;
  }
}

TEST(MultiPlan, CostsTheLeastOfAllPlansThatThereAre) {
  for (const uint64_t rows : {1u, 5u, 30u, 1000u}) {
    for (const uint32_t bits : {4u, 9u, 14u, 18u}) {
      for (const uint32_t radius : {0u, 1u, 3u, 5u}) {
        if (radius >= bits) continue;
        for (const CostModel& model : {kAnyWidth, kAccesses}) {
          SCOPED_TRACE(testing::Message()
                       << rows << " rows, " << bits << " bits, radius " << radius);
          const MultiPlan plan = plan_parts(rows, radius, model, bits);
          expect_covers(plan, radius, bits);
          const uint32_t check_bits =
              std::min(model.max_check_bits, 8 * plan.entry_bytes - row_bits_for(rows));
          const double least = least_cost(model, rows, check_bits, bits, radius + 1);
          EXPECT_NEAR(plan_cost_ns(model, rows, plan), least, 1e-9 * least);
        }
      }
    }
  }
}

TEST(MultiPlan, IsTheKnownOptimumWhereEachAccessCostsTheSame) {
  // The optima of multi-index hashing over 256 bits at radius 31, and what they cost against 16
  // parts of 16 bits. The last has a threshold of 3 throughout.
  using Kinds = std::map<std::pair<uint32_t, uint32_t>, int>;
  const struct {
    uint64_t rows;
    Kinds kinds;
    double accesses;
    double of_16_parts;
  } kKnown[] = {
      {1'000'000, {{{18, 1}, 3}, {{19, 1}, 4}, {{21, 2}, 6}}, 2563, 4422},
      {10'000'000, {{{20, 1}, 1}, {{23, 2}, 4}, {{24, 2}, 6}}, 5533, 41776},
      {50'000'000, {{{25, 2}, 6}, {{26, 2}, 2}, {{27, 3}, 2}}, 15169, 207792},
      {100'000'000, {{{25, 2}, 8}, {{28, 3}, 2}}, 20490, 415311},
      {1'000'000'000, {{{32, 3}, 8}}, 54136, 4.15e6},
  };
  MultiPlan equal;
  equal.parts.assign(16, PartPlan{16, 1});
  for (const auto& known : kKnown) {
    SCOPED_TRACE(known.rows);
    const MultiPlan plan = plan_parts(known.rows, 31, kAccesses);
    EXPECT_EQ(kinds_of(plan), known.kinds);
    expect_covers(plan, 31);
    EXPECT_NEAR(plan_cost_ns(kAccesses, known.rows, plan), known.accesses, 1);
    EXPECT_NEAR(plan_cost_ns(kAccesses, known.rows, equal), known.of_16_parts,
                known.of_16_parts * 1e-3);
  }
}

TEST(MultiPlan, CoversEveryRadiusForAnyNumberOfRows) {
  for (const uint64_t rows : {1ull, 2ull, 100ull, 1'000'000ull, 0xffff'ffffull}) {
    for (uint32_t radius = 0; radius <= MultiPlan::kMaxRadiusBits; ++radius) {
      const MultiPlan plan = plan_parts(rows, radius);
      expect_covers(plan, radius);
      for (const PartPlan& part : plan.parts) {
        EXPECT_LE(part.bits, MultiPlan::kMaxPartBits);
      }
    }
  }
}

TEST(MultiPlan, ProbesLessForASmallerRadius) {
  const MultiPlan plan = plan_parts(1'000'000, 31);
  double cost_before = 0;
  for (uint32_t radius = 0; radius <= 31; ++radius) {
    const auto thresholds = thresholds_for({}, 1'000'000, plan, radius);
    ASSERT_EQ(thresholds.size(), plan.parts.size());
    double cost = 0;
    uint32_t turns = 0;
    for (size_t i = 0; i < thresholds.size(); ++i) {
      ASSERT_LE(thresholds[i], static_cast<int>(plan.parts[i].threshold));
      turns += static_cast<uint32_t>(thresholds[i] + 1);
      if (thresholds[i] == kNoProbe) continue;
      PartPlan part = plan.parts[i];
      part.threshold = static_cast<uint32_t>(thresholds[i]);
      cost += part_cost_ns({}, 1'000'000, 8 * plan.entry_bytes - 20, part);
    }
    EXPECT_GE(turns, radius + 1);
    EXPECT_GE(cost, cost_before);
    cost_before = cost;
  }
  EXPECT_NEAR(cost_before, plan_cost_ns({}, 1'000'000, plan), 1e-6 * cost_before);
}

}  // namespace
}  // namespace safelight
