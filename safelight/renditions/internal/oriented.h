#pragma once

#include <cstdint>

#include "safelight/picture/picture.h"

namespace safelight::renditions_internal {

/// The picture as it is to be shown, where its rows and columns are stored as EXIF's Orientation
/// (1 to 8) says. Source: CIPA DC-008, 4.6.4, tag 274.
Picture oriented(const Picture& picture, uint8_t exif_orientation);

}  // namespace safelight::renditions_internal
