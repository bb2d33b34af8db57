#include "safelight/synthesis/likelihood/fit/pav.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>

#include "safelight/synthesis/likelihood/internal/value_counts.h"

namespace safelight::synthesis {
namespace {

/// Whether `left` says at least as much for a camera as `right`. The sizes of the classes would
/// multiply both sides.
bool not_ascending(const PavBlock& left, const PavBlock& right) {
  return uint64_t{left.camera} * right.generated >= uint64_t{right.camera} * left.generated;
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
  PavTransform out{{}, values.camera.size(), values.generated.size()};
  for (const ValueCount& count : value_counts(values)) {
    PavBlock block{count.value, count.value, count.camera, count.generated};
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
