#pragma once

#include <cstdint>
#include <vector>

#include "safelight/picture/picture.h"

/// Which part of a picture the examinations look at, for who keeps no more than that.
namespace safelight::traces {

/// Part of a picture, in pixels.
struct Region {
  uint32_t left = 0;
  uint32_t top = 0;
  uint32_t width = 0;
  uint32_t height = 0;
};

inline constexpr uint32_t kMaxSideLookedAt = 2048;

/// The middle of a picture, at most kMaxSideLookedAt wide and high, its corner on multiples of 8.
/// A picture that is cut to it gives every trace of pixels exactly as the whole does.
Region pixels_looked_at(const PictureShape& shape);

/// The rows of blocks that aligned_double_jpeg() looks at, from the top.
std::vector<uint32_t> block_rows_looked_at(uint32_t blocks_wide, uint32_t blocks_high);

}  // namespace safelight::traces
