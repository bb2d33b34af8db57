#include "safelight/synthesis/likelihood/fit/pav.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>

namespace safelight::synthesis {
namespace {

std::vector<double> sorted(std::span<const double> values) {
  std::vector<double> out(values.begin(), values.end());
  std::ranges::sort(out);
  return out;
}

/// Whether `left` says at least as much for a camera as `right`. The sizes of the classes would
/// multiply both sides.
bool not_ascending(const PavBlock& left, const PavBlock& right) {
  return uint64_t{left.camera} * right.generated >= uint64_t{right.camera} * left.generated;
}

size_t count_equal(const std::vector<double>& sorted_values, size_t from, double value) {
  size_t to = from;
  while (to < sorted_values.size() && sorted_values[to] == value) ++to;
  return to - from;
}

}  // namespace

double PavTransform::log10_lr(double value) const {
  assert(!std::isnan(value));
  const auto at = std::ranges::lower_bound(blocks, value, {}, &PavBlock::high);
  if (at == blocks.end()) return blocks.back().log10_lr;
  if (at == blocks.begin() || at->low <= value) return at->log10_lr;
  const double below = std::prev(at)->log10_lr;
  return std::abs(below) < std::abs(at->log10_lr) ? below : at->log10_lr;
}

Result<PavTransform> fit_pav(const TwoClasses& values) {
  if (lacks_class_or_has_nan(values)) return Error{ErrorCode::malformed, "pav.values"};
  const std::vector<double> camera = sorted(values.camera);
  const std::vector<double> generated = sorted(values.generated);
  PavTransform out{{}, camera.size(), generated.size()};
  size_t c = 0;
  size_t g = 0;
  while (c < camera.size() || g < generated.size()) {
    const double value = g == generated.size() || (c < camera.size() && camera[c] < generated[g])
                             ? camera[c]
                             : generated[g];
    PavBlock block{value, value, count_equal(camera, c, value), count_equal(generated, g, value)};
    c += block.camera;
    g += block.generated;
    while (!out.blocks.empty() && not_ascending(out.blocks.back(), block)) {
      const PavBlock& left = out.blocks.back();
      block.low = left.low;
      block.camera += left.camera;
      block.generated += left.generated;
      out.blocks.pop_back();
    }
    out.blocks.push_back(block);
  }
  for (PavBlock& block : out.blocks) {
    const double share_of_camera =
        static_cast<double>(block.camera) / static_cast<double>(out.camera);
    const double share_of_generated =
        static_cast<double>(block.generated) / static_cast<double>(out.generated);
    block.log10_lr = std::log10(share_of_camera / share_of_generated);
  }
  return out;
}

}  // namespace safelight::synthesis
