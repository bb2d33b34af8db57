#include "safelight/renditions/rendition.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "safelight/picture/resample.h"
#include "safelight/renditions/internal/line_drawing.h"
#include "safelight/renditions/internal/oriented.h"
#include "safelight/renditions/internal/smooth_plane.h"

namespace safelight {
namespace {

using renditions_internal::LumaPlane;

/// The deviation of the blur as a part of the shorter side. Half of the contrast is then left of
/// what repeats 4.7 times across the picture and an eighth of what does so 8 times.
constexpr double kBlurOfShortSide = 0.04;
/// The same as a part of the longer side, for strips: a line of text fills all of one's height.
constexpr double kBlurOfLongSide = 0.025;

Picture blurred(const Picture& picture) {
  const auto [shorter, longer] = std::minmax(picture.shape.width, picture.shape.height);
  const double sigma = std::max(kBlurOfShortSide * shorter, kBlurOfLongSide * longer);
  const LumaPlane luma = renditions_internal::luma_of(picture);
  return renditions_internal::to_picture(renditions_internal::smoothed(luma, sigma));
}

}  // namespace

RenditionSize rendition_size(const RenditionSize& size, uint32_t max_side) {
  assert(size.width > 0 && size.height > 0 && max_side > 0);
  const uint32_t longer = std::max(size.width, size.height);
  if (longer <= max_side) return size;
  const auto reduced = [&](uint32_t side) {
    const uint64_t rounded = (uint64_t{side} * max_side + longer / 2) / longer;
    return static_cast<uint32_t>(std::max<uint64_t>(rounded, 1));
  };
  return {reduced(size.width), reduced(size.height)};
}

Picture render(const Picture& picture, uint8_t exif_orientation, RenditionStyle style,
               uint32_t max_side) {
  const RenditionSize size =
      rendition_size({picture.shape.width, picture.shape.height}, longest_side(style, max_side));
  const Picture small = renditions_internal::oriented(
      resample(picture, size.width, size.height, Kernel::bilinear), exif_orientation);
  switch (style) {
    case RenditionStyle::drawing:
      return renditions_internal::line_drawing(small);
    case RenditionStyle::blur:
      return blurred(small);
    case RenditionStyle::grey:
      return renditions_internal::to_picture(renditions_internal::luma_of(small));
    case RenditionStyle::colour:
      break;
  }
  return small;
}

uint32_t longest_side(RenditionStyle style, uint32_t max_side) {
  const bool covered = style == RenditionStyle::drawing || style == RenditionStyle::blur;
  return covered ? std::min(max_side, kMaxCoveredSide) : max_side;
}

bool may_have_channels(RenditionStyle style, uint32_t channels) {
  return channels == 1 || (channels == 3 && style == RenditionStyle::colour);
}

std::string_view to_text(RenditionStyle style) {
  switch (style) {
    case RenditionStyle::drawing:
      return "drawing";
    case RenditionStyle::blur:
      return "blur";
    case RenditionStyle::grey:
      return "grey";
    case RenditionStyle::colour:
      break;
  }
  return "colour";
}

}  // namespace safelight
