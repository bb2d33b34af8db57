#include "safelight/renditions/internal/line_drawing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "safelight/renditions/internal/smooth_plane.h"

namespace safelight::renditions_internal {
namespace {

/// Deviation of the finer Gaussian in pixels, and the wider one's as a multiple of it: the paper's
/// approximation of the Laplacian of a Gaussian.
constexpr double kSigma = 0.9;
constexpr double kWider = 1.6;
/// Luma added to what a difference is measured against, 6 % of its range: noise in the dark makes
/// no lines.
constexpr int32_t kFloor = 4'096;
/// The difference that is still white (epsilon; at -0.025 a landscape in haze was nearly blank),
/// and how steeply darker ones become lines (phi).
constexpr double kWhiteFrom = -0.01;
constexpr double kSteepness = 12;

/// Steps of the curve to a relative difference of 1; below that all is black.
constexpr int32_t kSteps = 1'024;

/// The soft threshold at relative differences from 0 down to -1, rounded to samples, so that the
/// last bit of tanh() does not matter.
std::array<uint8_t, kSteps + 1> soft_threshold() {
  std::array<uint8_t, kSteps + 1> curve{};
  for (int32_t i = 0; i <= kSteps; ++i) {
    const double below = std::min(-static_cast<double>(i) / kSteps - kWhiteFrom, 0.0);
    curve[static_cast<size_t>(i)] =
        static_cast<uint8_t>(std::lround(255 * (1 + std::tanh(kSteepness * below))));
  }
  return curve;
}

}  // namespace

Picture line_drawing(const Picture& picture) {
  const PictureShape& shape = picture.shape;
  const auto curve = soft_threshold();
  Picture out{{shape.width, shape.height, 1}, {}};
  out.samples.assign(size_t{shape.width} * shape.height, curve[0]);
  for (uint32_t channel = 0; channel < shape.channels; ++channel) {
    const LumaPlane plane = channel_of(picture, channel);
    const LumaPlane fine = smoothed(plane, kSigma);
    const LumaPlane wide = smoothed(plane, kWider * kSigma);
    for (size_t i = 0; i < out.samples.size(); ++i) {
      const int32_t around = wide.values[i];
      const int32_t darker = (around - fine.values[i]) * kSteps / (around + kFloor);
      const uint8_t drawn = curve[static_cast<size_t>(std::clamp(darker, 0, kSteps))];
      out.samples[i] = std::min(out.samples[i], drawn);
    }
  }
  return out;
}

}  // namespace safelight::renditions_internal
