#include "safelight/index/multi_plan.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "safelight/hash/fingerprint.h"

namespace safelight {
namespace {

constexpr size_t kUnused = std::numeric_limits<size_t>::max();
constexpr uint32_t kLineBits = 4;  // of the keys in a line of a directory
constexpr uint32_t kMinBits = 4;   // parts are that wide however few rows there are
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

uint32_t row_bits_for(uint64_t rows) {
  return rows == 0 ? 0 : static_cast<uint32_t>(std::bit_width(rows - 1));
}

uint32_t entry_bytes_for(uint64_t rows) {
  // 12 bits let 2 % of unlike rows pass where both thresholds are 1, and 7 % where they are 2.
  constexpr uint32_t kWantedCheckBits = 12;
  return std::clamp((row_bits_for(rows) + kWantedCheckBits + 7) / 8, MultiPlan::kMinEntryBytes,
                    MultiPlan::kMaxEntryBytes);
}

double part_cost_ns(const CostModel& model, uint64_t rows, uint32_t check_bits,
                    const PartPlan& part) {
  const double of_key = std::ldexp(static_cast<double>(rows), -static_cast<int>(part.bits));
  const uint32_t line_bits = part.bits - std::min(part.bits, kLineBits);
  const auto lines = static_cast<double>(ball_volume(line_bits, part.threshold));
  const auto keys = static_cast<double>(ball_volume(part.bits, part.threshold));
  double candidates = 0;
  for (uint32_t away = 0; away <= std::min(part.threshold, part.bits); ++away) {
    const uint64_t nearer = away == 0 ? 0 : ball_volume(part.bits, away - 1);
    const auto as_far = static_cast<double>(ball_volume(part.bits, away) - nearer);
    const uint32_t budget = std::min(2 * part.threshold + 1 - away, check_bits);
    candidates += as_far * of_key *
                  std::ldexp(static_cast<double>(ball_volume(check_bits, budget)),
                             -static_cast<int>(check_bits));
  }
  return lines * model.line_ns + keys * model.key_ns +
         keys * (1 - std::exp(-of_key)) * model.run_ns + keys * of_key * model.entry_ns +
         candidates * model.candidate_ns;
}

namespace {

uint32_t check_bits_of(const CostModel& model, uint64_t rows, uint32_t entry_bytes) {
  return std::min(model.max_check_bits, 8 * entry_bytes - row_bits_for(rows));
}

double bytes_per_row(uint64_t rows, uint32_t entry_bytes, const PartPlan& part) {
  return entry_bytes + std::ldexp(4, static_cast<int>(part.bits)) / static_cast<double>(rows);
}

struct Choice {
  PartPlan part;
  double cost = 0;
  double bytes_per_row = 0;
};

/// The parts of at most `all_bits` bits whose thresholds and number add up to `turns` and that cost
/// the least.
std::vector<PartPlan> cheapest_parts(std::span<const Choice> choices, uint32_t turns,
                                     uint32_t all_bits) {
  // best[bits][sum]: the least that parts cost which have at most so many bits and so great a sum.
  const auto place = [turns](uint32_t bits, uint32_t sum) { return bits * (turns + 1) + sum; };
  std::vector<double> best((all_bits + 1) * (turns + 1), kTooMuch);
  std::vector<size_t> chosen(best.size(), kUnused);
  best[0] = 0;
  for (uint32_t bits = 1; bits <= all_bits; ++bits) {
    for (uint32_t sum = 0; sum <= turns; ++sum) {
      best[place(bits, sum)] = best[place(bits - 1, sum)];
      for (size_t choice = 0; choice < choices.size(); ++choice) {
        const auto& [part, cost, bytes_per_row] = choices[choice];
        if (part.bits > bits || part.threshold + 1 > sum) continue;
        const double total = best[place(bits - part.bits, sum - part.threshold - 1)] + cost;
        if (total >= best[place(bits, sum)]) continue;
        best[place(bits, sum)] = total;
        chosen[place(bits, sum)] = choice;
      }
    }
  }
  assert(best[place(all_bits, turns)] < kTooMuch);
  std::vector<PartPlan> parts;
  for (uint32_t bits = all_bits, sum = turns; bits > 0;) {
    const size_t choice = chosen[place(bits, sum)];
    if (choice == kUnused) {
      --bits;
      continue;
    }
    const PartPlan& part = choices[choice].part;
    parts.push_back(part);
    bits -= part.bits;
    sum -= part.threshold + 1;
  }
  std::sort(parts.begin(), parts.end(), [](const PartPlan& a, const PartPlan& b) {
    return a.bits != b.bits ? a.bits < b.bits : a.threshold < b.threshold;
  });
  return parts;
}

/// The cheapest of the plans that have so many of one kind of parts and so many of another whose
/// threshold is one more, and that take at most `most_bytes` a row; nothing if there is none. Plans
/// of more kinds are hardly cheaper.
std::vector<PartPlan> cheapest_of_two_kinds(std::span<const Choice> choices, uint32_t turns,
                                            uint32_t all_bits, double most_bytes) {
  std::vector<PartPlan> parts;
  double least = kTooMuch;
  for (const Choice& low : choices) {
    for (uint32_t count = 1; count <= turns; ++count) {
      // `count` parts of which `highs` have the higher threshold.
      const uint32_t of_low = count * (low.part.threshold + 1);
      if (of_low > turns || turns - of_low >= count) continue;
      const uint32_t highs = turns - of_low;
      const uint32_t lows = count - highs;
      for (const Choice& high : choices) {
        if (high.part.threshold != low.part.threshold + 1 && highs > 0) continue;
        const double cost = lows * low.cost + highs * high.cost;
        if (cost >= least || lows * low.part.bits + highs * high.part.bits > all_bits ||
            lows * low.bytes_per_row + highs * high.bytes_per_row > most_bytes) {
          continue;
        }
        least = cost;
        parts.assign(lows, low.part);
        parts.insert(parts.end(), highs, high.part);
        if (highs == 0) break;
      }
    }
  }
  return parts;
}

}  // namespace

double plan_cost_ns(const CostModel& model, uint64_t rows, const MultiPlan& plan) {
  const uint32_t check_bits = check_bits_of(model, rows, plan.entry_bytes);
  double cost = 0;
  for (const PartPlan& part : plan.parts) cost += part_cost_ns(model, rows, check_bits, part);
  return cost;
}

MultiPlan plan_parts(uint64_t rows, uint32_t radius_bits, const CostModel& model,
                     uint32_t all_bits) {
  assert(rows >= 1 && radius_bits <= MultiPlan::kMaxRadiusBits);
  MultiPlan plan;
  plan.entry_bytes = entry_bytes_for(rows);
  const uint32_t check_bits = check_bits_of(model, rows, plan.entry_bytes);
  const double most_keys = std::max(2.0, static_cast<double>(rows) * model.max_keys_per_row);
  std::vector<Choice> choices;
  for (uint32_t bits = 1; bits <= model.max_part_bits; ++bits) {
    if (std::ldexp(1, static_cast<int>(bits)) > most_keys && bits > kMinBits) break;
    for (uint32_t threshold = 0; threshold <= std::min(bits, MultiPlan::kMaxThreshold);
         ++threshold) {
      const PartPlan part{bits, threshold};
      choices.push_back({part, part_cost_ns(model, rows, check_bits, part),
                         bytes_per_row(rows, plan.entry_bytes, part)});
    }
  }
  plan.parts = cheapest_parts(choices, radius_bits + 1, all_bits);
  double bytes = sizeof(Fingerprint);
  for (const PartPlan& part : plan.parts) bytes += bytes_per_row(rows, plan.entry_bytes, part);
  if (rows < kManyRows || bytes <= model.max_bytes_per_row) return plan;
  auto smaller = cheapest_of_two_kinds(choices, radius_bits + 1, all_bits,
                                       model.max_bytes_per_row - sizeof(Fingerprint));
  if (!smaller.empty()) plan.parts = std::move(smaller);
  return plan;
}

std::vector<int> thresholds_for(const CostModel& model, uint64_t rows, const MultiPlan& plan,
                                uint32_t radius_bits) {
  const size_t turns = radius_bits + 1;
  const uint32_t check_bits = check_bits_of(model, rows, plan.entry_bytes);
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
      const double cost = threshold == kNoProbe ? 0 : part_cost_ns(model, rows, check_bits, part);
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
