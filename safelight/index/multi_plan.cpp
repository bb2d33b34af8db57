#include "safelight/index/multi_plan.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

namespace safelight {
namespace {

constexpr size_t kUnused = std::numeric_limits<size_t>::max();
constexpr double kTooMuch = std::numeric_limits<double>::infinity();

}  // namespace

uint64_t ball_volume(uint32_t bits, uint32_t threshold) {
  uint64_t volume = 0;
  uint64_t keys = 1;  // `flips` out of `bits`
  for (uint32_t flips = 0; flips <= std::min(threshold, bits); ++flips) {
    volume += keys;
    keys = keys * (bits - flips) / (flips + 1);
  }
  return volume;
}

uint32_t tag_bits_for(uint64_t rows) {
  const auto row_bits = rows == 0 ? 0 : static_cast<uint32_t>(std::bit_width(rows - 1));
  return row_bits >= 32 ? 0 : std::min(32 - row_bits, MultiPlan::kMaxTagBits);
}

uint32_t block_bits_for(const CostModel& model, uint64_t rows, uint32_t bits) {
  uint32_t wanted = 0;
  while (wanted < MultiPlan::kMaxBlockBits &&
         std::ldexp(static_cast<double>(rows), -static_cast<int>(wanted)) >
             model.entries_per_block) {
    ++wanted;
  }
  return model.max_tag_bits == 0 ? bits : std::min(bits, wanted);
}

double part_cost_ns(const CostModel& model, uint64_t rows, const PartPlan& part) {
  const auto all = static_cast<double>(rows);
  const auto blocks = static_cast<double>(ball_volume(part.block_bits, part.threshold));
  const auto keys = static_cast<double>(ball_volume(part.bits, part.threshold));
  const double opened =
      model.probe_ns + model.entry_ns * std::ldexp(all, -static_cast<int>(part.block_bits));
  return blocks * opened +
         keys * std::ldexp(all, -static_cast<int>(part.bits)) * model.candidate_ns;
}

double plan_cost_ns(const CostModel& model, uint64_t rows, const MultiPlan& plan) {
  double cost = 0;
  for (const PartPlan& part : plan.parts) cost += part_cost_ns(model, rows, part);
  return cost;
}

MultiPlan plan_parts(uint64_t rows, uint32_t radius_bits, const CostModel& model,
                     uint32_t all_bits) {
  assert(rows >= 1 && radius_bits <= MultiPlan::kMaxRadiusBits);
  const uint32_t turns = radius_bits + 1;  // what thresholds and parts add up to
  const uint32_t tag_bits = std::min(model.max_tag_bits, tag_bits_for(rows));
  std::vector<std::pair<PartPlan, double>> choices;
  for (uint32_t bits = 1; bits <= MultiPlan::kMaxPartBits; ++bits) {
    const uint32_t block_bits = block_bits_for(model, rows, bits);
    if (bits - block_bits > tag_bits) continue;
    for (uint32_t threshold = 0; threshold <= std::min(bits, MultiPlan::kMaxThreshold);
         ++threshold) {
      const PartPlan part{bits, block_bits, threshold};
      choices.emplace_back(part, part_cost_ns(model, rows, part));
    }
  }
  // best[bits][sum]: the least that parts cost which have at most so many bits and so great a sum.
  const auto place = [turns](uint32_t bits, uint32_t sum) { return bits * (turns + 1) + sum; };
  std::vector<double> best((all_bits + 1) * (turns + 1), kTooMuch);
  std::vector<size_t> chosen(best.size(), kUnused);
  best[0] = 0;
  for (uint32_t bits = 1; bits <= all_bits; ++bits) {
    for (uint32_t sum = 0; sum <= turns; ++sum) {
      best[place(bits, sum)] = best[place(bits - 1, sum)];
      for (size_t choice = 0; choice < choices.size(); ++choice) {
        const auto& [part, cost] = choices[choice];
        if (part.bits > bits || part.threshold + 1 > sum) continue;
        const double total = best[place(bits - part.bits, sum - part.threshold - 1)] + cost;
        if (total >= best[place(bits, sum)]) continue;
        best[place(bits, sum)] = total;
        chosen[place(bits, sum)] = choice;
      }
    }
  }
  assert(best[place(all_bits, turns)] < kTooMuch);
  MultiPlan plan;
  for (uint32_t bits = all_bits, sum = turns; bits > 0;) {
    const size_t choice = chosen[place(bits, sum)];
    if (choice == kUnused) {
      --bits;
      continue;
    }
    const PartPlan& part = choices[choice].first;
    plan.parts.push_back(part);
    bits -= part.bits;
    sum -= part.threshold + 1;
  }
  std::sort(plan.parts.begin(), plan.parts.end(), [](const PartPlan& a, const PartPlan& b) {
    return a.bits != b.bits ? a.bits < b.bits : a.threshold < b.threshold;
  });
  return plan;
}

std::vector<int> thresholds_for(const CostModel& model, uint64_t rows, const MultiPlan& plan,
                                uint32_t radius_bits) {
  const size_t turns = radius_bits + 1;
  const size_t parts = plan.parts.size();
  // best[i][sum]: the least that the first i parts cost which have at least so great a sum.
  std::vector<std::vector<double>> best(parts + 1, std::vector<double>(turns + 1, kTooMuch));
  std::vector<std::vector<int>> chosen(parts + 1, std::vector<int>(turns + 1, kNoProbe));
  best[0][0] = 0;
  for (size_t i = 0; i < parts; ++i) {
    for (int threshold = kNoProbe; threshold <= static_cast<int>(plan.parts[i].threshold);
         ++threshold) {
      PartPlan part = plan.parts[i];
      part.threshold = static_cast<uint32_t>(std::max(threshold, 0));
      const double cost = threshold == kNoProbe ? 0 : part_cost_ns(model, rows, part);
      for (size_t sum = 0; sum <= turns; ++sum) {
        const size_t after = std::min(turns, sum + static_cast<size_t>(threshold + 1));
        if (best[i][sum] + cost >= best[i + 1][after]) continue;
        best[i + 1][after] = best[i][sum] + cost;
        chosen[i + 1][after] = threshold;
      }
    }
  }
  assert(best[parts][turns] < kTooMuch);
  // `after` may have been cut to `turns`, so the way back looks for the sum that it came from.
  std::vector<int> thresholds(parts);
  size_t sum = turns;
  for (size_t i = parts; i > 0; --i) {
    const int threshold = chosen[i][sum];
    thresholds[i - 1] = threshold;
    const auto turn = static_cast<size_t>(threshold + 1);
    if (sum < turns || turn == 0) {
      sum -= turn;
      continue;
    }
    size_t from = turns;
    for (size_t before = turns >= turn ? turns - turn : 0; before <= turns; ++before) {
      if (best[i - 1][before] < best[i - 1][from]) from = before;
    }
    sum = from;
  }
  return thresholds;
}

}  // namespace safelight
