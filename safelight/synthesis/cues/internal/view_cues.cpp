#include "safelight/synthesis/cues/internal/view_cues.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "safelight/synthesis/cues/internal/correlation.h"

namespace safelight::synthesis::internal {
namespace {

constexpr uint32_t kBlock = 16;
/// Added to variances and means before their logarithm is taken: finite where there is nothing.
constexpr double kLeast = 1e-3;
/// Mean luma of blocks that may be clipped, in which noise is cut off.
constexpr double kDark = 16;
constexpr double kBright = 239;

/// Sums of squares and fourth powers.
struct Moments {
  uint64_t second = 0;
  uint64_t fourth = 0;
  uint64_t count = 0;

  void add(std::span<const int16_t> values) {
    uint64_t squares = 0;
    uint64_t fourths = 0;
    for (const int16_t value : values) {
      const auto square = static_cast<uint32_t>(int32_t{value} * int32_t{value});
      squares += square;
      fourths += uint64_t{square} * square;
    }
    second += squares;
    fourth += fourths;
    count += values.size();
  }
  [[nodiscard]] double variance() const {
    return static_cast<double>(second) / static_cast<double>(count);
  }
  [[nodiscard]] double log_kurtosis() const {
    if (second == 0) return 0;
    return std::log(static_cast<double>(fourth) / static_cast<double>(count) /
                    (variance() * variance()));
  }
};

/// Of samples whose neighbours to the right stand `step` further on.
void cross_difference(std::span<const uint8_t> above, std::span<const uint8_t> below, size_t step,
                      std::span<int16_t> out) {
  for (size_t x = 0; x < out.size(); ++x) {
    out[x] = static_cast<int16_t>(above[x] - above[x + step] - below[x] + below[x + step]);
  }
}

/// The sums of products of the residuals of three channels, whose means are 0.
struct Products {
  std::array<int64_t, 3> squares{};
  std::array<int64_t, 3> with_next{};  ///< Red by green, green by blue, and nothing.

  /// Takes a row of residuals, of each pixel the three side by side; at most 1024 pixels.
  void add(std::span<const int16_t> row) {
    // Whole pixels, and whole steps of the processor. A 24th of a row of at most 510 x 510 fits.
    constexpr size_t kTogether = 24;
    std::array<int32_t, kTogether> of_squares{};
    std::array<int32_t, kTogether> of_next{};
    size_t begin = 0;
    for (; begin + kTogether < row.size(); begin += kTogether) {
      for (size_t i = 0; i < kTogether; ++i) {
        of_squares[i] += row[begin + i] * row[begin + i];
        of_next[i] += row[begin + i] * row[begin + i + 1];
      }
    }
    for (size_t i = 0; begin + i < row.size(); ++i) {
      of_squares[i] += row[begin + i] * row[begin + i];
      if (begin + i + 1 < row.size()) of_next[i] += row[begin + i] * row[begin + i + 1];
    }
    for (size_t i = 0; i < kTogether; ++i) {
      squares[i % 3] += of_squares[i];
      with_next[i % 3] += of_next[i];
    }
  }
};

double correlation(int64_t both, int64_t first, int64_t second) {
  if (first == 0 || second == 0) return 0;
  return static_cast<double>(both) /
         std::sqrt(static_cast<double>(first) * static_cast<double>(second));
}

struct Block {
  double residual = 0;  ///< Mean size.
  double luma = 0;      ///< Mean.
};

/// What the whole blocks of the residual have.
std::vector<Block> blocks_of(const Residual& residual, std::span<const uint8_t> luma,
                             uint32_t luma_width) {
  std::vector<Block> blocks;
  for (uint32_t top = 0; top + kBlock <= residual.height; top += kBlock) {
    for (uint32_t left = 0; left + kBlock <= residual.width; left += kBlock) {
      uint32_t residuals = 0;
      uint32_t lumas = 0;
      for (uint32_t y = top; y < top + kBlock; ++y) {
        const int16_t* const row = residual.values.data() + size_t{y} * residual.width + left;
        const uint8_t* const luma_row = luma.data() + size_t{y} * luma_width + left;
        for (uint32_t x = 0; x < kBlock; ++x) {
          residuals += static_cast<uint32_t>(std::abs(int{row[x]}));
          lumas += luma_row[x];
        }
      }
      constexpr double kPixels = kBlock * kBlock;
      blocks.push_back({residuals / kPixels, lumas / kPixels});
    }
  }
  return blocks;
}

void measure_blocks(std::vector<Block> blocks, ViewCues& cues) {
  std::sort(blocks.begin(), blocks.end(), [](const Block& a, const Block& b) {
    return a.residual != b.residual ? a.residual < b.residual : a.luma < b.luma;
  });
  const size_t tenth = std::max<size_t>(1, blocks.size() / 10);
  double flattest = 0;
  double richest = 0;
  for (size_t i = 0; i < tenth; ++i) {
    flattest += blocks[i].residual / static_cast<double>(tenth);
    richest += blocks[blocks.size() - 1 - i].residual / static_cast<double>(tenth);
  }
  cues.noise_floor = std::log(flattest + kLeast);
  cues.texture_contrast = std::log(richest + kLeast) - cues.noise_floor;
  Correlation with_brightness;
  for (const Block& block : std::span(blocks).first(blocks.size() / 2)) {
    if (block.luma < kDark || block.luma > kBright) continue;
    with_brightness.add(block.residual, block.luma);
  }
  cues.noise_brightness = with_brightness.value();
}

}  // namespace

ViewCues view_cues(const Picture& view, std::span<const uint8_t> luma) {
  const uint32_t width = view.shape.width;
  const uint32_t height = view.shape.height;
  assert(view.shape.channels == 3 && width > kTileSide && height > kTileSide);
  assert(luma.size() == size_t{width} * height);
  const auto luma_of_row = [&](uint32_t y) { return luma.subspan(size_t{y} * width, width); };
  std::vector<int16_t> residual(size_t{width - 1} * (height - 1));
  Moments of_luma;
  Moments of_gradient;
  Products of_channels;
  std::vector<int16_t> differences(size_t{3} * (width - 1));
  std::vector<int16_t> gradient(width);
  for (uint32_t y = 0; y < height; ++y) {
    const auto row = luma_of_row(y);
    for (size_t x = 0; x + 1 < width; ++x) {
      gradient[x] = static_cast<int16_t>(row[x + 1] - row[x]);
    }
    of_gradient.add(std::span(gradient).first(width - 1));
    if (y == 0) continue;
    const auto row_above = luma_of_row(y - 1);
    for (size_t x = 0; x < width; ++x) gradient[x] = static_cast<int16_t>(row[x] - row_above[x]);
    of_gradient.add(gradient);
    const auto luma_residual = std::span(residual).subspan(size_t{y - 1} * (width - 1), width - 1);
    cross_difference(row_above, row, 1, luma_residual);
    of_luma.add(luma_residual);
    cross_difference(view.row(y - 1), view.row(y), 3, differences);
    of_channels.add(differences);
  }
  const Residual plane{width - 1, height - 1, residual};
  ViewCues cues;
  cues.residual_variance = std::log(of_luma.variance() + kLeast);
  cues.residual_kurtosis = of_luma.log_kurtosis();
  const auto& [red, green, blue] = of_channels.squares;
  cues.residual_red_green = correlation(of_channels.with_next[0], red, green);
  cues.residual_blue_green = correlation(of_channels.with_next[1], blue, green);
  cues.gradient_kurtosis = of_gradient.log_kurtosis();
  measure_blocks(blocks_of(plane, luma, width), cues);
  cues.spectrum = spectrum_cues(plane);
  return cues;
}

}  // namespace safelight::synthesis::internal
