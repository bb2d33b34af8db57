#include "safelight/synthesis/cues/internal/residual_spectrum.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdlib>
#include <initializer_list>
#include <numbers>
#include <utility>
#include <vector>

#include "safelight/traces/spectrum.h"

namespace safelight::synthesis::internal {
namespace {

constexpr size_t kSide = kTileSide;
constexpr size_t kHalf = kSide / 2;
constexpr int kEdge = 48;  ///< A larger residual is an edge of the scene, and counts as this much.
/// Far under one grey level in a tile: keeps logarithms finite where there is nothing.
constexpr double kLeastPower = 1e-3;

/// The places at which tiles begin along a side: beside each other, from edge to edge.
std::vector<uint32_t> tile_places(uint32_t side) {
  const uint32_t count = std::max(1u, (side + kTileSide / 2) / kTileSide);
  std::vector<uint32_t> places;
  for (uint32_t i = 0; i < count; ++i) {
    places.push_back(count == 1 ? (side - kTileSide) / 2 : (side - kTileSide) * i / (count - 1));
  }
  return places;
}

/// In blocks, whose rows stay in the nearest cache.
void transpose(std::vector<double>& plane, std::vector<double>& scratch) {
  constexpr size_t kBlock = 8;
  scratch.resize(plane.size());
  for (size_t top = 0; top < kSide; top += kBlock) {
    for (size_t left = 0; left < kSide; left += kBlock) {
      for (size_t y = top; y < top + kBlock; ++y) {
        for (size_t x = left; x < left + kBlock; ++x) {
          scratch[x * kSide + y] = plane[y * kSide + x];
        }
      }
    }
  }
  plane.swap(scratch);
}

/// kSide rows of kSide frequencies, from 0.
class Power {
 public:
  [[nodiscard]] double at(size_t y, size_t x) const {
    return values_[y % kSide * kSide + x % kSide];
  }
  std::span<double> row(size_t y) { return std::span(values_).subspan(y * kSide, kSide); }
  /// Gives the rows over kHalf the power of the opposite frequencies, which is theirs too.
  void mirror() {
    for (size_t y = 1; y < kHalf; ++y) {
      const auto from = row(y);
      const auto to = row(kSide - y);
      to[0] = from[0];
      std::reverse_copy(from.begin() + 1, from.end(), to.begin() + 1);
    }
  }

 private:
  std::vector<double> values_ = std::vector<double>(kSide * kSide, kLeastPower);
};

/// The mean power spectra of a residual and of its size, over every second tile.
class TileSpectra {
 public:
  explicit TileSpectra(const Residual& residual) {
    for (size_t i = 0; i < kSide; ++i) {
      const double turn = 2 * std::numbers::pi * (static_cast<double>(i) + 0.5) / kSide;
      window_[i] = 0.5 - 0.5 * std::cos(turn);
    }
    const auto columns = tile_places(residual.width);
    const auto rows = tile_places(residual.height);
    const size_t tiles = (columns.size() * rows.size() + 1) / 2;
    for (size_t row = 0; row < rows.size(); ++row) {
      for (size_t column = row % 2; column < columns.size(); column += 2) {
        take(residual, columns[column], rows[row]);
        add(0.25 / static_cast<double>(tiles));
      }
    }
    of_residual_.mirror();
    of_size_.mirror();
  }

  [[nodiscard]] const Power& of_residual() const { return of_residual_; }
  [[nodiscard]] const Power& of_size() const { return of_size_; }

 private:
  /// Both are real, and make one transform together.
  void take(const Residual& residual, uint32_t left, uint32_t top) {
    uint64_t all = 0;
    const auto row_at = [&](size_t y) {
      return residual.values.subspan((top + y) * residual.width + left, kSide);
    };
    for (size_t y = 0; y < kSide; ++y) {
      for (const int16_t value : row_at(y)) {
        all += static_cast<uint32_t>(std::min(std::abs(int{value}), kEdge));
      }
    }
    const double mean = static_cast<double>(all) / (kSide * kSide);
    for (size_t y = 0; y < kSide; ++y) {
      const auto row = row_at(y);
      for (size_t x = 0; x < kSide; ++x) {
        const double window = window_[x] * window_[y];
        real_[y * kSide + x] = row[x] * window;
        imaginary_[y * kSide + x] = (std::min(std::abs(int{row[x]}), kEdge) - mean) * window;
      }
    }
  }

  void add(double weight) {
    traces::fourier_of_columns(real_, imaginary_, kSide, kSide);
    transpose(real_, scratch_);
    transpose(imaginary_, scratch_);
    traces::fourier_of_columns(real_, imaginary_, kSide, kSide);
    for (size_t y = 0; y <= kHalf; ++y) {
      const size_t opposite_row = (kSide - y) % kSide * kSide;
      const auto of_residual = of_residual_.row(y);
      const auto of_size = of_size_.row(y);
      for (size_t x = 0; x < kSide; ++x) {
        const size_t i = y * kSide + x;
        const size_t opposite = opposite_row + (kSide - x) % kSide;
        const double real_sum = real_[i] + real_[opposite];
        const double real_difference = real_[i] - real_[opposite];
        const double imaginary_sum = imaginary_[i] + imaginary_[opposite];
        const double imaginary_difference = imaginary_[i] - imaginary_[opposite];
        of_residual[x] +=
            (real_sum * real_sum + imaginary_difference * imaginary_difference) * weight;
        of_size[x] += (real_difference * real_difference + imaginary_sum * imaginary_sum) * weight;
      }
    }
  }

  std::array<double, kSide> window_{};
  std::vector<double> real_ = std::vector<double>(kSide * kSide);
  std::vector<double> imaginary_ = std::vector<double>(kSide * kSide);
  std::vector<double> scratch_;
  Power of_residual_;
  Power of_size_;
};

/// Of what is at most one step from a frequency, over the median of what is 3 to 5 from it: the
/// window spreads a peak by up to 2.
double peak(const Power& power, size_t y, size_t x) {
  constexpr int kReach = 5;
  constexpr int kSpread = 2;
  double highest = 0;
  std::vector<double> around;
  around.reserve(121);
  for (int down = -kReach; down <= kReach; ++down) {
    for (int right = -kReach; right <= kReach; ++right) {
      const double value = power.at(y + kSide + static_cast<size_t>(down + kReach) - kReach,
                                    x + kSide + static_cast<size_t>(right + kReach) - kReach);
      const int distance = std::max(std::abs(down), std::abs(right));
      if (distance <= 1) highest = std::max(highest, value);
      if (distance > kSpread) around.push_back(value);
    }
  }
  return std::log(highest / traces::median(std::move(around)));
}

double highest_peak(const Power& power,
                    std::initializer_list<std::pair<size_t, size_t>> frequencies) {
  double highest = -1e9;
  for (const auto& [y, x] : frequencies) highest = std::max(highest, peak(power, y, x));
  return highest;
}

/// The slope of the line of least squares.
double slope(std::span<const double> x, std::span<const double> y) {
  const auto count = static_cast<double>(x.size());
  double sum_x = 0;
  double sum_y = 0;
  double sum_xx = 0;
  double sum_xy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    sum_x += x[i];
    sum_y += y[i];
    sum_xx += x[i] * x[i];
    sum_xy += x[i] * y[i];
  }
  return (count * sum_xy - sum_x * sum_y) / (count * sum_xx - sum_x * sum_x);
}

}  // namespace

SpectrumCues spectrum_cues(const Residual& residual) {
  assert(residual.width >= kTileSide && residual.height >= kTileSide);
  const TileSpectra spectra(residual);
  const Power& power = spectra.of_residual();
  const Power& of_size = spectra.of_size();
  // By distance from frequency 0, up to the corner.
  constexpr size_t kRings = 92;
  std::array<double, kRings> sums{};
  std::array<size_t, kRings> counts{};
  for (size_t y = 0; y < kSide; ++y) {
    for (size_t x = 0; x < kSide; ++x) {
      const auto down = static_cast<double>(std::min(y, kSide - y));
      const auto right = static_cast<double>(std::min(x, kSide - x));
      const auto ring = static_cast<size_t>(std::sqrt(down * down + right * right) + 0.5);
      sums[ring] += power.at(y, x);
      ++counts[ring];
    }
  }
  double all = 0;
  double mid = 0;
  double high = 0;
  std::vector<double> log_frequency;
  std::vector<double> log_power;
  for (size_t ring = 1; ring < kRings; ++ring) {
    all += sums[ring];
    if (ring >= kSide / 8 && ring <= kSide / 4) mid += sums[ring];
    if (ring >= kSide * 3 / 8) high += sums[ring];
    if (ring < kSide / 32 || ring > kHalf) continue;
    log_frequency.push_back(std::log(static_cast<double>(ring)));
    log_power.push_back(std::log(sums[ring] / static_cast<double>(counts[ring])));
  }
  constexpr size_t kEighth = kSide / 8;
  constexpr size_t kQuarter = kSide / 4;
  SpectrumCues cues;
  cues.slope = slope(log_frequency, log_power);
  cues.mid_share = mid / all;
  cues.high_share = high / all;
  cues.peak_2 = highest_peak(of_size, {{0, kHalf}, {kHalf, 0}, {kHalf, kHalf}});
  // Opposite frequencies have the same power.
  cues.peak_4 = highest_peak(of_size, {{0, kQuarter},
                                       {kQuarter, 0},
                                       {kQuarter, kQuarter},
                                       {kQuarter, 3 * kQuarter},
                                       {kQuarter, kHalf},
                                       {kHalf, kQuarter}});
  cues.peak_8 =
      highest_peak(of_size, {{0, kEighth}, {kEighth, 0}, {0, 3 * kEighth}, {3 * kEighth, 0}});
  return cues;
}

}  // namespace safelight::synthesis::internal
