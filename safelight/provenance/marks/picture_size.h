#pragma once

#include <cstdint>

namespace safelight::marks {

/// Of the decoded picture, in pixels, before or after it is turned as EXIF asks.
struct PictureSize {
  uint32_t width = 0;
  uint32_t height = 0;
};

}  // namespace safelight::marks
