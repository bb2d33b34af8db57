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

/// Each key looked up and each entry found there is one access, in a directory of all keys.
constexpr CostModel kAccesses = {
    .probe_ns = 1, .entry_ns = 0, .candidate_ns = 1, .entries_per_block = 1, .max_tag_bits = 0};

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
    EXPECT_GE(part.bits, part.block_bits);
    EXPECT_GE(part.bits, part.threshold);
  }
  EXPECT_LE(bits, all_bits);
  EXPECT_EQ(turns, radius_bits + 1);
  EXPECT_LE(plan.parts.size(), MultiPlan::kMaxParts);
}

/// The least cost over every way to split, by trying all.
double least_cost(const CostModel& model, uint64_t rows, uint32_t bits, uint32_t turns,
                  uint32_t least_bits = 1) {
  if (turns == 0) return 0;
  double least = std::numeric_limits<double>::infinity();
  for (uint32_t part_bits = least_bits; part_bits <= bits; ++part_bits) {
    for (uint32_t threshold = 0;
         threshold <= std::min({part_bits, turns - 1, MultiPlan::kMaxThreshold}); ++threshold) {
      const PartPlan part{part_bits, block_bits_for(model, rows, part_bits), threshold};
      if (part.bits - part.block_bits > model.max_tag_bits) continue;
      least = std::min(
          least, part_cost_ns(model, rows, part) +
                     least_cost(model, rows, bits - part_bits, turns - threshold - 1, part_bits));
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

TEST(MultiPlan, LeavesToATagWhatTheNumberOfARowDoesNotNeed) {
  EXPECT_EQ(tag_bits_for(0), 8u);
  EXPECT_EQ(tag_bits_for(1), 8u);
  EXPECT_EQ(tag_bits_for(1 << 24), 8u);
  EXPECT_EQ(tag_bits_for((1 << 24) + 1), 7u);
  EXPECT_EQ(tag_bits_for(100'000'000), 5u);
  EXPECT_EQ(tag_bits_for(uint64_t{1} << 31), 1u);
  EXPECT_EQ(tag_bits_for(0xffff'ffff), 0u);
}

TEST(MultiPlan, CostsTheLeastOfAllPlansThatThereAre) {
  for (const uint64_t rows : {1u, 5u, 30u, 1000u}) {
    for (const uint32_t bits : {4u, 9u, 14u, 18u}) {
      for (const uint32_t radius : {0u, 1u, 3u, 5u}) {
        if (radius >= bits) continue;
        for (const CostModel& model : {CostModel{}, kAccesses}) {
          SCOPED_TRACE(testing::Message()
                       << rows << " rows, " << bits << " bits, radius " << radius);
          const MultiPlan plan = plan_parts(rows, radius, model, bits);
          expect_covers(plan, radius, bits);
          const double least = least_cost(model, rows, bits, radius + 1);
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
  equal.parts.assign(16, PartPlan{16, 16, 1});
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
        EXPECT_LE(part.block_bits, MultiPlan::kMaxBlockBits);
        EXPECT_LE(part.bits - part.block_bits, tag_bits_for(rows));
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
      cost += part_cost_ns({}, 1'000'000, part);
    }
    EXPECT_GE(turns, radius + 1);
    EXPECT_GE(cost, cost_before);
    cost_before = cost;
  }
  EXPECT_NEAR(cost_before, plan_cost_ns({}, 1'000'000, plan), 1e-6 * cost_before);
}

}  // namespace
}  // namespace safelight
