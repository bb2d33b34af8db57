#include "safelight/traces/double_jpeg.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "safelight/traces/internal/dct8.h"
#include "safelight/traces/looked_at.h"

namespace safelight::traces {
namespace {

/// The low frequencies that are looked at, in natural order: higher ones are mostly zero.
constexpr std::array<size_t, 14> kFrequencies = {1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4};
/// Blocks that are looked at, spread over the picture: more do not change the answer.
constexpr uint32_t kMaxBlocks = 24'000;
constexpr int kLevels = 24;          ///< Quantised values 1 to this are compared.
constexpr int kMaxEarlierStep = 40;  ///< Low frequencies have at most this at quality 40.
/// Standard deviation of what rounding to 8-bit colour in between does to a coefficient.
constexpr double kRounding = 0.4;
constexpr double kBinsPerUnit = 2;  ///< Of the histogram of unquantised values.
constexpr int kMinLevelsUsed = 4;
constexpr uint64_t kMinNonZero = 400;  ///< Values of a frequency without which it tells nothing.
constexpr size_t kMinFrequencies = 3;
constexpr double kThreshold = 0.01;

double normal_below(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

bool holds_rows(const CoefficientPlane& plane, size_t rows) {
  return plane.values.size() == rows * plane.blocks_wide * 64;
}

/// Histograms of the absolute values of one frequency.
struct Histograms {
  std::vector<double> stored = std::vector<double>(kLevels + 1);  ///< By quantised level.
  std::vector<double> smooth;  ///< On the shifted grid, by kBinsPerUnit; at the end the rest.
};

class Collector {
 public:
  explicit Collector(const CoefficientPlane& luma) : luma_(luma) {
    for (size_t i = 0; i < kFrequencies.size(); ++i) {
      const double reach = (kLevels + 1) * step(i);
      histograms_[i].smooth.resize(static_cast<size_t>(reach * kBinsPerUnit) + 2);
    }
    upper_.resize(luma.blocks_wide);
    lower_.resize(luma.blocks_wide);
  }

  const std::array<Histograms, kFrequencies.size()>& collect() {
    const auto rows = block_rows_looked_at(luma_.blocks_wide, luma_.blocks_high);
    const bool all = holds_rows(luma_, luma_.blocks_high);
    for (uint32_t i = 0; i + 1 < rows.size(); i += 2) add_rows(all ? rows[i] : i);
    return histograms_;
  }

  [[nodiscard]] double step(size_t i) const { return luma_.steps[kFrequencies[i]]; }

 private:
  using Block = std::array<float, 64>;

  /// `top` counts the rows that are held.
  void add_rows(uint32_t top) {
    read_row(top, upper_);
    read_row(top + 1, lower_);
    Block shifted{};
    Block coefficients{};
    for (size_t x = 0; x + 1 < luma_.blocks_wide; ++x) {
      for (size_t i = 0; i < 64; ++i) {
        const std::vector<Block>& row = i < 32 ? upper_ : lower_;
        const Block& block = row[x + (i % 8 < 4 ? 0 : 1)];
        shifted[i] = block[(i / 8 + 4) % 8 * 8 + (i + 4) % 8];
      }
      internal::dct8(shifted, coefficients);
      for (size_t i = 0; i < kFrequencies.size(); ++i) {
        auto& smooth = histograms_[i].smooth;
        const double size = std::abs(coefficients[kFrequencies[i]]);
        smooth[std::min(static_cast<size_t>(size * kBinsPerUnit), smooth.size() - 1)] += 1;
      }
    }
  }

  /// Counts the stored values of a row of blocks, and makes its pixels.
  void read_row(uint32_t y, std::vector<Block>& pixels) {
    Block coefficients{};
    for (size_t x = 0; x < luma_.blocks_wide; ++x) {
      const auto block = luma_.values.subspan((size_t{y} * luma_.blocks_wide + x) * 64, 64);
      for (size_t i = 0; i < kFrequencies.size(); ++i) {
        const int level = std::abs(int{block[kFrequencies[i]]});
        if (level <= kLevels) histograms_[i].stored[static_cast<size_t>(level)] += 1;
      }
      for (size_t i = 0; i < 64; ++i) {
        coefficients[i] = static_cast<float>(int{block[i]} * int{luma_.steps[i]});
      }
      internal::inverse_dct8(coefficients, pixels[x]);
    }
  }

  const CoefficientPlane& luma_;
  std::array<Histograms, kFrequencies.size()> histograms_;
  std::vector<Block> upper_;
  std::vector<Block> lower_;
};

/// Sums of the smooth histogram from 0, and in between by interpolation.
class Cumulative {
 public:
  explicit Cumulative(const std::vector<double>& smooth) : sums_(smooth.size()) {
    for (size_t i = 1; i < smooth.size(); ++i) sums_[i] = sums_[i - 1] + smooth[i - 1];
  }
  [[nodiscard]] double below(double value) const {
    const double at = std::clamp(value * kBinsPerUnit, 0.0, static_cast<double>(sums_.size() - 1));
    const auto bin = std::min(static_cast<size_t>(at), sums_.size() - 2);
    const double part = at - static_cast<double>(bin);
    return sums_[bin] + part * (sums_[bin + 1] - sums_[bin]);
  }

 private:
  std::vector<double> sums_;
};

/// Of each level from 1 on, its share as predicted for values that were quantised by `earlier`
/// first; an `earlier` of 0 stands for none.
std::vector<double> predict(const Cumulative& smooth, double step, int earlier, int levels) {
  std::vector<double> shares(static_cast<size_t>(levels) + 1);
  const double reach = (levels + 1) * step;
  if (earlier == 0) {
    for (int k = 1; k <= levels; ++k) {
      shares[static_cast<size_t>(k)] =
          smooth.below((k + 0.5) * step) - smooth.below((k - 0.5) * step);
    }
  } else {
    for (int m = 0; m * earlier <= reach; ++m) {
      const double value = m * earlier;
      const double mass = smooth.below(value + 0.5 * earlier) - smooth.below(value - 0.5 * earlier);
      const int first = std::max(1, static_cast<int>((value - 3 * kRounding) / step));
      const int last = std::min(levels, static_cast<int>((value + 3 * kRounding) / step) + 1);
      for (int k = first; k <= last; ++k) {
        shares[static_cast<size_t>(k)] +=
            mass * (normal_below(((k + 0.5) * step - value) / kRounding) -
                    normal_below(((k - 0.5) * step - value) / kRounding));
      }
    }
  }
  double all = 0;
  for (const double share : shares) all += share;
  // A floor, so that a few unexpected values do not outweigh all others.
  constexpr double kFloor = 0.002;
  for (double& share : shares)
    share = (share / std::max(all, 1e-9) + kFloor) / (1 + levels * kFloor);
  return shares;
}

struct Gain {
  bool usable = false;
  double nats = 0;  ///< For each coefficient that is not zero.
};

Gain best_gain(const Histograms& histograms, double step) {
  uint64_t non_zero = 0;
  int levels = 0;
  for (int k = 1; k <= kLevels; ++k) {
    const double count = histograms.stored[static_cast<size_t>(k)];
    non_zero += static_cast<uint64_t>(count);
    if (count >= 20) levels = k;
  }
  if (non_zero < kMinNonZero || levels < kMinLevelsUsed) return {};
  const Cumulative smooth(histograms.smooth);
  const auto likelihood = [&](int earlier) {
    const std::vector<double> shares = predict(smooth, step, earlier, levels);
    double sum = 0;
    double count = 0;
    for (int k = 1; k <= levels; ++k) {
      const double stored = histograms.stored[static_cast<size_t>(k)];
      sum += stored * std::log(shares[static_cast<size_t>(k)]);
      count += stored;
    }
    return sum / count;
  };
  const double once = likelihood(0);
  double best = 0;
  for (int earlier = 2; earlier <= kMaxEarlierStep; ++earlier) {
    best = std::max(best, likelihood(earlier) - once);
  }
  return {true, best};
}

}  // namespace

std::vector<uint32_t> block_rows_looked_at(uint32_t blocks_wide, uint32_t blocks_high) {
  std::vector<uint32_t> rows;
  if (blocks_wide == 0) return rows;
  // Two rows together, because blocks of a shifted grid lie over both.
  const uint32_t pairs = blocks_high / 2;
  const uint32_t wanted = std::max(1u, kMaxBlocks / 2 / blocks_wide);
  const uint32_t every = std::max(1u, (pairs + wanted - 1) / wanted);
  for (uint32_t pair = every / 2; pair < pairs; pair += every) {
    rows.push_back(2 * pair);
    rows.push_back(2 * pair + 1);
  }
  return rows;
}

Trace aligned_double_jpeg(const CoefficientPlane& luma) {
  if (!holds_rows(luma, luma.blocks_high) &&
      !holds_rows(luma, block_rows_looked_at(luma.blocks_wide, luma.blocks_high).size())) {
    return not_assessable("the coefficients do not fit their number of blocks");
  }
  if (luma.blocks_wide < 16 || luma.blocks_high < 16) return not_assessable("too small");
  Collector collector(luma);
  const auto& histograms = collector.collect();
  double sum = 0;
  size_t usable = 0;
  for (size_t i = 0; i < histograms.size(); ++i) {
    if (collector.step(i) < 1) continue;
    const Gain gain = best_gain(histograms[i], collector.step(i));
    if (!gain.usable) continue;
    ++usable;
    sum += gain.nats;
  }
  if (usable < kMinFrequencies) return not_assessable("too flat, or too strongly compressed");
  return decided(sum / static_cast<double>(usable), kThreshold);
}

}  // namespace safelight::traces
