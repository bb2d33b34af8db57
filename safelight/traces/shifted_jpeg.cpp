#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "safelight/traces/double_jpeg.h"
#include "safelight/traces/luma.h"
#include "safelight/traces/spectrum.h"

namespace safelight::traces {
namespace {

constexpr uint32_t kMaxSide = 1536;  ///< Of the middle that is looked at.
// The middle of the middle is that of the whole.
static_assert(kMaxSide <= kMaxSideLookedAt && (kMaxSideLookedAt - kMaxSide) % 16 == 0);
constexpr uint32_t kMinSide = 192;
constexpr uint32_t kBlock = 8;
constexpr size_t kShifts = kBlock * kBlock;
constexpr size_t kSums = 255 * kShifts + 1;  ///< Values that the sum of a block can have.
constexpr int kMinStep = 3;                  ///< A step under 3 is lost in the second compression.
constexpr int kMaxStep = 24;
/// Mean difference of neighbours under which a block is flat. Flat blocks keep to the steps of the
/// last compression on every grid.
constexpr uint32_t kFlatDifference = 1;
constexpr uint32_t kMinBlocks = 400;  ///< On each grid.
constexpr double kThreshold = 4.5;

/// On each of the 64 grids, how often its blocks have each sum.
class BlockSums {
 public:
  explicit BlockSums(uint32_t width)
      : sums_(width), differences_(width), counts_(kShifts * kSums), blocks_(kShifts) {}

  void add_row(std::span<const uint8_t> row) {
    const size_t slot = y_ % kBlock;
    if (rows_.size() <= slot) rows_.emplace_back(row.size());
    std::vector<uint8_t>& old = rows_[slot];
    for (size_t x = 0; x < row.size(); ++x) {
      sums_[x] += row[x];
      differences_[x] += difference(row, x);
      if (y_ >= kBlock) {
        sums_[x] -= old[x];
        differences_[x] -= difference(old, x);
      }
    }
    std::copy(row.begin(), row.end(), old.begin());
    ++y_;
    if (y_ >= kBlock) count_blocks((y_ - kBlock) % kBlock);
  }

  [[nodiscard]] uint32_t blocks(size_t shift) const { return blocks_[shift]; }

  /// How well the sums keep to multiples of 8 `step`: 0 not at all, 1 all.
  [[nodiscard]] double periodicity(size_t shift, int step) const {
    const size_t period = static_cast<size_t>(step) * kBlock;
    std::vector<uint32_t> folded(period);
    const auto counts = std::span(counts_).subspan(shift * kSums, kSums);
    for (size_t begin = 0; begin < kSums; begin += period) {
      const auto turn = counts.subspan(begin, std::min(period, kSums - begin));
      for (size_t i = 0; i < turn.size(); ++i) folded[i] += turn[i];
    }
    double real = 0;
    double imaginary = 0;
    for (size_t i = 0; i < period; ++i) {
      const double angle =
          2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(period);
      real += static_cast<double>(folded[i]) * std::cos(angle);
      imaginary += static_cast<double>(folded[i]) * std::sin(angle);
    }
    return std::hypot(real, imaginary) / std::max(1.0, static_cast<double>(blocks_[shift]));
  }

 private:
  static uint32_t difference(std::span<const uint8_t> row, size_t x) {
    return x == 0 ? 0 : static_cast<uint32_t>(std::abs(int{row[x]} - int{row[x - 1]}));
  }

  void count_blocks(size_t shift_down) {
    uint32_t sum = 0;
    uint32_t differences = 0;
    for (size_t x = 0; x < sums_.size(); ++x) {
      sum += sums_[x];
      differences += differences_[x];
      if (x >= kBlock) {
        sum -= sums_[x - kBlock];
        differences -= differences_[x - kBlock];
      }
      if (x + 1 < kBlock || differences < kShifts * kFlatDifference) continue;
      const size_t shift = shift_down * kBlock + (x + 1 - kBlock) % kBlock;
      ++counts_[shift * kSums + sum];
      ++blocks_[shift];
    }
  }

  std::vector<std::vector<uint8_t>> rows_;  ///< The last 8.
  size_t y_ = 0;
  std::vector<uint32_t> sums_;         ///< Of the last 8 values in each column.
  std::vector<uint32_t> differences_;  ///< Of the last 8 differences to the left.
  std::vector<uint32_t> counts_;
  std::vector<uint32_t> blocks_;
};

}  // namespace

Trace shifted_double_jpeg(const Picture& pixels) {
  if (!is_whole(pixels)) return not_assessable("the samples do not fit their shape");
  const Region region = middle(pixels.shape, kMaxSide);
  if (region.width < kMinSide || region.height < kMinSide) return not_assessable("too small");
  BlockSums sums(region.width);
  std::vector<uint8_t> row(region.width);
  for (uint32_t y = 0; y < region.height; ++y) {
    luma_row(pixels, region.top + y, region.left, row);
    sums.add_row(row);
  }
  uint32_t fewest = sums.blocks(0);
  for (size_t shift = 1; shift < kShifts; ++shift) fewest = std::min(fewest, sums.blocks(shift));
  if (fewest < kMinBlocks) return not_assessable("too flat");
  double best = 0;
  for (int step = kMinStep; step <= kMaxStep; ++step) {
    std::vector<double> others;
    for (size_t shift = 1; shift < kShifts; ++shift) {
      others.push_back(sums.periodicity(shift, step));
    }
    const double usual = median(others) + 2 / std::sqrt(static_cast<double>(fewest));
    best = std::max(best, *std::max_element(others.begin(), others.end()) / usual);
  }
  return decided(best, kThreshold);
}

}  // namespace safelight::traces
