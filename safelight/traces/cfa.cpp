#include "safelight/traces/cfa.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "safelight/traces/luma.h"
#include "safelight/traces/spectrum.h"

namespace safelight::traces {
namespace {

constexpr uint32_t kMinSide = 256;
constexpr int kEdge = 48;         ///< A larger response is an edge, and counts as this much.
constexpr double kMinMean = 0.5;  ///< Mean response under which a picture is flat.
constexpr double kThreshold = 12;

}  // namespace

Trace colour_filter_array(const Picture& pixels) {
  if (!is_whole(pixels)) return not_assessable("the samples do not fit their shape");
  if (pixels.shape.channels != 3) return not_assessable("grey");
  const Region region = pixels_looked_at(pixels.shape);
  if (region.width < kMinSide || region.height < kMinSide) return not_assessable("too small");
  const size_t width = region.width;
  const size_t height = region.height;
  std::vector<uint32_t> sums(width + height);
  std::vector<uint32_t> counts(width + height);
  std::vector<std::vector<uint8_t>> rows(3, std::vector<uint8_t>(width));
  for (size_t y = 0; y < height; ++y) {
    std::vector<uint8_t>& below = rows[y % 3];
    const auto samples =
        pixels.row(region.top + static_cast<uint32_t>(y)).subspan(region.left * 3u);
    for (size_t x = 0; x < width; ++x) below[x] = samples[3 * x + 1];
    if (y < 2) continue;
    const std::vector<uint8_t>& above = rows[(y - 2) % 3];
    const std::vector<uint8_t>& row = rows[(y - 1) % 3];
    for (size_t x = 1; x + 1 < width; ++x) {
      const int response =
          int{row[x - 1]} + int{row[x + 1]} + int{above[x]} + int{below[x]} - 4 * int{row[x]};
      sums[x + y - 1] += static_cast<uint32_t>(std::min(std::abs(response), kEdge));
      ++counts[x + y - 1];
    }
  }
  // Short diagonals at the corners are too noisy to be of use.
  std::vector<double> diagonals;
  double mean = 0;
  for (size_t i = 0; i < sums.size(); ++i) {
    if (counts[i] < std::min(width, height) / 4) continue;
    diagonals.push_back(static_cast<double>(sums[i]) / counts[i]);
    mean += diagonals.back();
  }
  if (mean < kMinMean * static_cast<double>(diagonals.size())) return not_assessable("too flat");
  const std::vector<double> spectrum = magnitudes(without_trend(diagonals, 16));
  const size_t half = spectrum.size() - 1;
  const auto peak_at = [&](size_t eighths) {
    const size_t at = half * eighths / 4;
    const size_t begin = at > 2 ? at - 2 : 0;
    const size_t end = std::min(spectrum.size(), at + 3);
    return *std::max_element(spectrum.begin() + static_cast<std::ptrdiff_t>(begin),
                             spectrum.begin() + static_cast<std::ptrdiff_t>(end));
  };
  const double usual = median(spectrum);
  if (usual <= 0) return not_assessable("too flat");
  const double grid = std::max({peak_at(1), peak_at(2), peak_at(3)});
  return decided(peak_at(4) / std::max(usual, grid / 4), kThreshold);
}

}  // namespace safelight::traces
