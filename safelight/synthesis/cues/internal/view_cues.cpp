#include "safelight/synthesis/cues/internal/view_cues.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "safelight/synthesis/cues/internal/correlation.h"
#include "safelight/traces/luma.h"

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

void cross_difference(std::span<const uint8_t> above, std::span<const uint8_t> below,
                      std::span<int16_t> out) {
  for (size_t x = 0; x < out.size(); ++x) {
    out[x] = static_cast<int16_t>(above[x] - above[x + 1] - below[x] + below[x + 1]);
  }
}

/// The sum of products of two residuals, whose means are 0.
struct Products {
  int64_t both = 0;
  void add(std::span<const int16_t> a, std::span<const int16_t> b) {
    // A row of 1024 of at most 510 x 510 fits.
    int32_t sum = 0;
    for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    both += sum;
  }
};

double correlation(const Products& a_b, const Products& a_a, const Products& b_b) {
  if (a_a.both == 0 || b_b.both == 0) return 0;
  return static_cast<double>(a_b.both) /
         std::sqrt(static_cast<double>(a_a.both) * static_cast<double>(b_b.both));
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

ViewCues view_cues(const Picture& view) {
  const uint32_t width = view.shape.width;
  const uint32_t height = view.shape.height;
  assert(view.shape.channels == 3 && width > kTileSide && height > kTileSide);
  std::vector<uint8_t> luma(size_t{width} * height);
  const auto luma_of_row = [&](uint32_t y) {
    return std::span(luma).subspan(size_t{y} * width, width);
  };
  std::vector<int16_t> residual(size_t{width - 1} * (height - 1));
  Moments of_luma;
  Moments of_gradient;
  std::array<Products, 3> of_channel;
  Products red_green;
  Products blue_green;
  // The channels of the row above and of this row, by the parity of rows.
  std::array<std::array<std::vector<uint8_t>, 3>, 2> channels;
  for (auto& row : channels) row.fill(std::vector<uint8_t>(width));
  std::array<std::vector<int16_t>, 3> differences;
  differences.fill(std::vector<int16_t>(width - 1));
  std::vector<int16_t> gradient(width);
  for (uint32_t y = 0; y < height; ++y) {
    const auto samples = view.row(y);
    auto& below = channels[y % 2];
    const auto red = std::span(below[0]);
    const auto green = std::span(below[1]);
    const auto blue = std::span(below[2]);
    for (size_t x = 0; x < width; ++x) {
      red[x] = samples[3 * x];
      green[x] = samples[3 * x + 1];
      blue[x] = samples[3 * x + 2];
    }
    const auto row = luma_of_row(y);
    traces::luma_row(view, y, 0, row);
    for (size_t x = 0; x + 1 < width; ++x) {
      gradient[x] = static_cast<int16_t>(row[x + 1] - row[x]);
    }
    of_gradient.add(std::span(gradient).first(width - 1));
    if (y == 0) continue;
    const auto row_above = luma_of_row(y - 1);
    for (size_t x = 0; x < width; ++x) gradient[x] = static_cast<int16_t>(row[x] - row_above[x]);
    of_gradient.add(gradient);
    const auto luma_residual = std::span(residual).subspan(size_t{y - 1} * (width - 1), width - 1);
    cross_difference(row_above, row, luma_residual);
    of_luma.add(luma_residual);
    for (size_t c = 0; c < 3; ++c) {
      cross_difference(channels[(y + 1) % 2][c], below[c], differences[c]);
      of_channel[c].add(differences[c], differences[c]);
    }
    red_green.add(differences[0], differences[1]);
    blue_green.add(differences[2], differences[1]);
  }
  const Residual plane{width - 1, height - 1, residual};
  ViewCues cues;
  cues.residual_variance = std::log(of_luma.variance() + kLeast);
  cues.residual_kurtosis = of_luma.log_kurtosis();
  cues.residual_red_green = correlation(red_green, of_channel[0], of_channel[1]);
  cues.residual_blue_green = correlation(blue_green, of_channel[2], of_channel[1]);
  cues.gradient_kurtosis = of_gradient.log_kurtosis();
  measure_blocks(blocks_of(plane, luma, width), cues);
  cues.spectrum = spectrum_cues(plane);
  return cues;
}

}  // namespace safelight::synthesis::internal
