#pragma once

#include <cstdint>
#include <string_view>

#include "safelight/picture/picture.h"

namespace safelight {

/// What a reviewer is shown instead of a picture, from the most covered on.
enum class RenditionStyle : uint8_t {
  drawing,  ///< Dark lines on light: what is there, without its surfaces and colours.
  blur,     ///< Grey, so blurred that faces and text cannot be read.
  grey,
  colour,
};

/// The longer side of what is shown before anybody asks to see more.
inline constexpr uint32_t kCoveredSide = 192;
/// The longest side of any rendition.
inline constexpr uint32_t kMaxRenditionSide = 4'096;
/// The longest side of a drawing and of a blurred one, which would only show more than is meant.
inline constexpr uint32_t kMaxCoveredSide = 512;

/// A width and a height in pixels, neither of them 0.
struct RenditionSize {
  uint32_t width = 0;
  uint32_t height = 0;
  friend bool operator==(const RenditionSize&, const RenditionSize&) = default;
};

/// The size in which a picture of `size` is shown: its aspect, as far as whole pixels allow it, in
/// at most `max_side` pixels a side and at most its own size.
RenditionSize rendition_size(const RenditionSize& size, uint32_t max_side);

/// A picture of 1 or 3 channels as it is shown: turned by its EXIF orientation (1 to 8), reduced to
/// rendition_size() within `max_side` (and within kMaxCoveredSide for a drawing or a blurred one),
/// in one channel but for `colour`. The same samples on every machine.
Picture render(const Picture& picture, uint8_t exif_orientation, RenditionStyle style,
               uint32_t max_side);

/// The longest side that a rendition within `max_side` may have in that style.
uint32_t longest_side(RenditionStyle style, uint32_t max_side);

/// The channels that it may have: 1, or 1 and 3.
bool may_have_channels(RenditionStyle style, uint32_t channels);

/// "drawing", "blur", "grey", "colour".
std::string_view to_text(RenditionStyle style);

}  // namespace safelight
