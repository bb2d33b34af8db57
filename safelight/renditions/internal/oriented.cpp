#include "safelight/renditions/internal/oriented.h"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace safelight::renditions_internal {

Picture oriented(const Picture& picture, uint8_t exif_orientation) {
  assert(exif_orientation >= 1 && exif_orientation <= 8);
  if (exif_orientation == 1) return picture;
  const PictureShape& stored = picture.shape;
  const bool transposed = exif_orientation >= 5;
  // In the order of EXIF's table: where row 0 and column 0 as stored are seen.
  const bool from_right = exif_orientation == 2 || exif_orientation == 3 || exif_orientation == 7 ||
                          exif_orientation == 8;
  const bool from_bottom = exif_orientation == 3 || exif_orientation == 4 ||
                           exif_orientation == 6 || exif_orientation == 7;
  Picture out;
  out.shape = stored;
  if (transposed) std::swap(out.shape.width, out.shape.height);
  out.samples.reserve(picture.samples.size());
  for (uint32_t y = 0; y < out.shape.height; ++y) {
    for (uint32_t x = 0; x < out.shape.width; ++x) {
      const uint32_t along = transposed ? y : x;
      const uint32_t down = transposed ? x : y;
      const uint32_t column = from_right ? stored.width - 1 - along : along;
      const uint32_t row = from_bottom ? stored.height - 1 - down : down;
      const auto pixel =
          picture.row(row).subspan(size_t{column} * stored.channels, stored.channels);
      out.samples.insert(out.samples.end(), pixel.begin(), pixel.end());
    }
  }
  return out;
}

}  // namespace safelight::renditions_internal
