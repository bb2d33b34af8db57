#include "safelight/report/internal/small_cells.h"

#include <algorithm>
#include <limits>
#include <string>

namespace safelight::report {
namespace {

using Measure = uint64_t FileCounts::*;
constexpr std::array<Measure, 2> kMeasures = {&FileCounts::files, &FileCounts::distinct_files};

bool is_small(uint64_t count, uint64_t suppress_under) {
  return count > 0 && count < suppress_under;
}

struct Range {
  uint64_t low;
  uint64_t high;
};

bool has_small(const FileCounts& row, uint64_t suppress_under) {
  return is_small(row.files, suppress_under) || is_small(row.distinct_files, suppress_under);
}

/// The most that a row has which is hidden for another's sake: it is smaller than those that are
/// told, and whoever knows the rule knows that.
uint64_t most_of_helpers(std::span<const FileCounts> rows, const std::vector<bool>& hidden) {
  uint64_t least_told = std::numeric_limits<uint64_t>::max();
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!hidden[i] && rows[i].files > 0) least_told = std::min(least_told, rows[i].files);
  }
  return least_told;
}

/// Whether a small count of this measure follows from what is told, the total and the rule.
bool small_one_follows(std::span<const FileCounts> rows, const std::vector<bool>& hidden,
                       Measure measure, uint64_t total, uint64_t suppress_under) {
  const Range whole =
      is_small(total, suppress_under) ? Range{1, suppress_under - 1} : Range{total, total};
  const uint64_t most_of_helper = most_of_helpers(rows, hidden);
  uint64_t told = 0;
  std::vector<Range> unknown;
  Range sum{0, 0};
  for (size_t i = 0; i < rows.size(); ++i) {
    const uint64_t count = rows[i].*measure;
    if (!hidden[i] || count == 0) {
      told += count;
      continue;
    }
    if (is_small(count, suppress_under)) {
      unknown.push_back({1, suppress_under - 1});
    } else {
      const bool helps = !has_small(rows[i], suppress_under);
      unknown.push_back(
          {suppress_under, helps ? std::min(whole.high, most_of_helper) : whole.high});
    }
    sum.low += unknown.back().low;
    sum.high += unknown.back().high;
  }
  return std::any_of(unknown.begin(), unknown.end(), [&](const Range& own) {
    if (own.low >= suppress_under) return false;
    const uint64_t others_high = told + sum.high - own.high;
    const uint64_t others_low = told + sum.low - own.low;
    const uint64_t low =
        std::max(own.low, whole.low > others_high ? whole.low - others_high : uint64_t{0});
    const uint64_t high = std::min(own.high, whole.high - others_low);
    return low == high;
  });
}

}  // namespace

std::optional<std::vector<bool>> rows_to_hide(std::span<const FileCounts> rows,
                                              const FileCounts& all, uint64_t suppress_under) {
  std::vector<bool> hidden(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    hidden[i] = has_small(rows[i], suppress_under);
  }
  const auto follows = [&](Measure measure) {
    return small_one_follows(rows, hidden, measure, all.*measure, suppress_under);
  };
  while (std::any_of(kMeasures.begin(), kMeasures.end(), follows)) {
    std::optional<size_t> smallest;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (hidden[i] || rows[i].files == 0) continue;
      if (!smallest || rows[i].files < rows[*smallest].files) smallest = i;
    }
    if (!smallest) return std::nullopt;
    hidden[*smallest] = true;
  }
  return hidden;
}

std::string cell_text(uint64_t count, Tell tell, uint64_t suppress_under) {
  if (is_small(count, suppress_under)) return "<" + std::to_string(suppress_under);
  if (tell == Tell::range && count > 0) return ">=" + std::to_string(suppress_under);
  return std::to_string(count);
}

}  // namespace safelight::report
