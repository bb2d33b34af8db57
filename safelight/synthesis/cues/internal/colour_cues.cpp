#include "safelight/synthesis/cues/internal/colour_cues.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "safelight/synthesis/cues/internal/correlation.h"
#include "safelight/traces/spectrum.h"

namespace safelight::synthesis::internal {
namespace {

/// Under this mean step between neighbours a picture is flat: the noise of a lens cap.
constexpr double kFlatStep = 0.3;
/// From this share of neighbours that are equal in all channels a picture counts as drawn.
constexpr double kDrawnShare = 0.7;
/// Fewer different colours than one in so many pixels count as drawn.
constexpr size_t kPixelsPerColour = 128;

/// Odd, and far from a multiple of what colours of a row step by: 2^32 over the golden ratio.
constexpr uint32_t kSpread = 0x9E3779B1;

constexpr double kLeastShare = 1e-3;
constexpr double kLeastStep = 1e-3;
constexpr size_t kGrid = 8;
constexpr int kEdge = 48;  ///< A larger step is an edge of the scene, and counts as this much.

uint32_t colour_at(std::span<const uint8_t> row, size_t x) {
  return uint32_t{row[3 * x]} << 16 | uint32_t{row[3 * x + 1]} << 8 | row[3 * x + 2];
}

bool has_few_colours(const Picture& native) {
  const size_t pixels = size_t{native.shape.width} * native.shape.height;
  const size_t enough = pixels / kPixelsPerColour + 1;
  // Places by colour, at most half of them taken; each empty or one more than a colour.
  std::vector<uint32_t> seen(std::bit_ceil(2 * enough));
  const int shift = std::countl_zero(static_cast<uint32_t>(seen.size() - 1));
  size_t colours = 0;
  for (uint32_t y = 0; y < native.shape.height; ++y) {
    const auto row = native.row(y);
    for (size_t x = 0; x < native.shape.width; ++x) {
      const uint32_t colour = colour_at(row, x) + 1;
      size_t place = colour * kSpread >> shift;
      while (seen[place] != 0 && seen[place] != colour) place = (place + 1) & (seen.size() - 1);
      if (seen[place] == colour) continue;
      seen[place] = colour;
      if (++colours * kPixelsPerColour >= pixels) return false;
    }
  }
  return true;
}

/// Mean steps between neighbours of luma, by where on the 8x8 grid they lie: step p is from p to
/// p + 1 along one direction.
class GridSteps {
 public:
  void add(size_t phase, uint64_t steps, uint64_t count) {
    sums_[phase % kGrid] += static_cast<double>(steps);
    counts_[phase % kGrid] += static_cast<double>(count);
  }
  /// The step of a phase over the median of all.
  [[nodiscard]] double contrast(size_t phase) const {
    std::vector<double> means;
    for (size_t i = 0; i < kGrid; ++i) means.push_back(sums_[i] / counts_[i] + kLeastStep);
    return std::log(means[phase] / traces::median(means));
  }

 private:
  std::array<double, kGrid> sums_{};
  std::array<double, kGrid> counts_{};
};

void measure_grid(std::span<const uint8_t> luma, const PictureShape& shape, ColourCues& cues) {
  const size_t width = shape.width;
  std::vector<uint32_t> by_column(width);
  GridSteps across;
  GridSteps down;
  for (size_t y = 0; y < shape.height; ++y) {
    const auto row = luma.subspan(y * width, width);
    for (size_t x = 0; x + 1 < width; ++x) {
      by_column[x] += static_cast<uint32_t>(std::min(std::abs(row[x + 1] - row[x]), kEdge));
    }
    if (y > 0) {
      const auto above = luma.subspan((y - 1) * width, width);
      uint32_t steps = 0;
      for (size_t x = 0; x < width; ++x) {
        steps += static_cast<uint32_t>(std::min(std::abs(row[x] - above[x]), kEdge));
      }
      down.add(y - 1, steps, width);
    }
  }
  for (size_t x = 0; x + 1 < width; ++x) across.add(x, by_column[x], shape.height);
  const auto both = [&](size_t phase) {
    return (across.contrast(phase) + down.contrast(phase)) / 2;
  };
  cues.grid = both(kGrid - 1);
  for (size_t phase = 0; phase + 1 < kGrid; ++phase) {
    cues.shifted_grid = std::max({cues.shifted_grid, across.contrast(phase), down.contrast(phase)});
  }
}

/// Unused levels between the 1st and the 99th percentile.
double gaps(const std::array<uint32_t, 256>& counts, uint64_t pixels) {
  uint64_t below = 0;
  size_t levels = 0;
  size_t unused = 0;
  for (const uint32_t count : counts) {
    const uint64_t up_to = below + count;
    if (up_to * 100 > pixels && below * 100 < pixels * 99) {
      ++levels;
      if (count == 0) ++unused;
    }
    below = up_to;
  }
  return static_cast<double>(unused) / static_cast<double>(std::max<size_t>(levels, 1));
}

}  // namespace

ColourCues colour_cues(const Picture& native, std::span<const uint8_t> luma) {
  const size_t width = native.shape.width;
  const uint64_t pixels = width * native.shape.height;
  // (highest - lowest) / highest in 16 bits after the point.
  std::array<uint32_t, 256> inverse{};
  for (uint32_t i = 1; i < 256; ++i) inverse[i] = 65536 / i;
  uint64_t saturation = 0;
  uint64_t clipped = 0;
  std::array<uint32_t, 256> greens{};
  uint64_t red = 0;
  uint64_t blue = 0;
  uint64_t red_red = 0;
  uint64_t blue_blue = 0;
  uint64_t red_blue = 0;
  for (uint32_t y = 0; y < native.shape.height; ++y) {
    const auto row = native.row(y);
    for (size_t x = 0; x < width; ++x) {
      const uint32_t r = row[3 * x];
      const uint32_t g = row[3 * x + 1];
      const uint32_t b = row[3 * x + 2];
      const uint32_t highest = std::max({r, g, b});
      saturation += (highest - std::min({r, g, b})) * inverse[highest];
      ++greens[g];
      red += r;
      blue += b;
      red_red += r * r;
      blue_blue += b * b;
      red_blue += r * b;
    }
    for (const uint8_t sample : row) clipped += sample == 0 || sample == 255 ? 1 : 0;
  }
  const auto real = [](uint64_t value) { return static_cast<double>(value); };
  ColourCues cues;
  cues.saturation = real(saturation) / 65536 / real(pixels);
  Correlation correlation;
  correlation.add_sums(real(pixels), real(red), real(blue), real(red_red), real(blue_blue),
                       real(red_blue));
  cues.red_blue = correlation.value();
  cues.histogram_gaps = gaps(greens, pixels);
  cues.clipping = std::log(real(clipped) / real(3 * pixels) + kLeastShare);
  measure_grid(luma, native.shape, cues);
  return cues;
}

std::string_view no_photograph(const Picture& native) {
  uint64_t steps = 0;
  uint64_t equal = 0;
  uint64_t pairs = 0;
  for (uint32_t y = 0; y < native.shape.height; ++y) {
    const auto row = native.row(y);
    uint32_t of_row = 0;
    for (size_t i = 3; i < row.size(); ++i) {
      of_row += static_cast<uint32_t>(std::abs(row[i] - row[i - 3]));
    }
    steps += of_row;
    uint32_t before = colour_at(row, 0);
    for (size_t x = 1; x < native.shape.width; ++x) {
      const uint32_t colour = colour_at(row, x);
      equal += colour == before ? 1 : 0;
      before = colour;
    }
    pairs += native.shape.width - 1;
  }
  const auto all = static_cast<double>(pairs);
  if (static_cast<double>(steps) < 3 * kFlatStep * all) return "the picture is flat";
  if (static_cast<double>(equal) >= kDrawnShare * all) {
    return "most neighbouring pixels are equal, as in drawings and screenshots";
  }
  if (has_few_colours(native)) {
    return "there are few different colours, as in drawings and screenshots";
  }
  return {};
}

}  // namespace safelight::synthesis::internal
