#pragma once

#include <cstdint>
#include <vector>

#include "safelight/picture/picture.h"

namespace safelight::renditions_internal {

/// Luma in steps of 1/256 of a sample's, 0 to 65,280, rows from the top.
struct LumaPlane {
  uint32_t width = 0;
  uint32_t height = 0;
  std::vector<uint16_t> values;
};

/// The luma of ITU-R BT.601 of a picture of 1 or 3 channels.
LumaPlane luma_of(const Picture& picture);

/// One channel in the same steps.
LumaPlane channel_of(const Picture& picture, uint32_t channel);

/// Rounded to whole samples, in one channel.
Picture to_picture(const LumaPlane& plane);

/// Convolved with a Gaussian of that deviation in pixels, which is cut at three of them; the edge
/// repeats beyond itself. Whole-numbered weights: the same values on every machine.
LumaPlane smoothed(const LumaPlane& plane, double sigma);

}  // namespace safelight::renditions_internal
