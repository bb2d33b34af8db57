#include "safelight/traces/resampling.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "safelight/traces/luma.h"
#include "safelight/traces/spectrum.h"

namespace safelight::traces {
namespace {

constexpr uint32_t kMinSide = 256;
/// Larger second differences are edges, and count as this much.
constexpr int kEdge = 24;
constexpr size_t kTrendReach = 12;
constexpr double kLowestFrequency = 0.06;
constexpr double kGridGuard = 0.006;  ///< Around multiples of 1/8.
constexpr size_t kAround = 40;        ///< Values of the spectrum to each side that make the median.
constexpr double kMinMean = 0.3;      ///< Mean second difference under which a picture is flat.
constexpr double kThreshold = 6;

/// The highest peak over what is around it.
double highest_peak(const std::vector<double>& second_differences) {
  const std::vector<double> spectrum = magnitudes(without_trend(second_differences, kTrendReach));
  double highest = 0;
  for (size_t i = 1; i < spectrum.size(); ++i) {
    const double frequency =
        0.5 * static_cast<double>(i) / static_cast<double>(spectrum.size() - 1);
    const double to_grid = std::abs(frequency * 8 - std::round(frequency * 8)) / 8;
    if (frequency < kLowestFrequency || to_grid < kGridGuard) continue;
    const auto begin =
        spectrum.begin() + static_cast<std::ptrdiff_t>(i > kAround ? i - kAround : 1);
    const auto end =
        spectrum.begin() + static_cast<std::ptrdiff_t>(std::min(spectrum.size(), i + kAround + 1));
    // Most frequencies stand out less than the highest so far: that takes no median to see.
    const double enough = spectrum[i] / highest * (1 + 1e-9);
    if (highest > 0 && std::count_if(begin, end, [enough](double value) {
                         return value < enough;
                       }) <= (end - begin) / 2) {
      continue;
    }
    const double usual = median({begin, end});
    if (usual > 0) highest = std::max(highest, spectrum[i] / usual);
  }
  return highest;
}

}  // namespace

Trace resampling(const Picture& pixels) {
  if (!is_whole(pixels)) return not_assessable("the samples do not fit their shape");
  const Region region = pixels_looked_at(pixels.shape);
  if (region.width < kMinSide || region.height < kMinSide) return not_assessable("too small");
  const size_t width = region.width;
  std::vector<uint32_t> by_column(width - 2);
  std::vector<double> by_row(region.height - 2);
  std::vector<std::vector<uint8_t>> rows(3, std::vector<uint8_t>(width));
  for (uint32_t y = 0; y < region.height; ++y) {
    std::vector<uint8_t>& row = rows[y % 3];
    luma_row(pixels, region.top + y, region.left, row);
    for (size_t x = 0; x + 2 < width; ++x) {
      const int second = std::abs(int{row[x]} - 2 * int{row[x + 1]} + int{row[x + 2]});
      by_column[x] += static_cast<uint32_t>(std::min(second, kEdge));
    }
    if (y < 2) continue;
    const std::vector<uint8_t>& above = rows[(y - 2) % 3];
    const std::vector<uint8_t>& between = rows[(y - 1) % 3];
    uint32_t sum = 0;
    for (size_t x = 0; x < width; ++x) {
      const int second = std::abs(int{above[x]} - 2 * int{between[x]} + int{row[x]});
      sum += static_cast<uint32_t>(std::min(second, kEdge));
    }
    by_row[y - 2] = static_cast<double>(sum) / static_cast<double>(width);
  }
  std::vector<double> columns(by_column.size());
  double mean = 0;
  for (size_t x = 0; x < columns.size(); ++x) {
    columns[x] = by_column[x] / static_cast<double>(region.height);
    mean += columns[x] / static_cast<double>(columns.size());
  }
  if (mean < kMinMean) return not_assessable("too flat");
  return decided(std::max(highest_peak(columns), highest_peak(by_row)), kThreshold);
}

}  // namespace safelight::traces
