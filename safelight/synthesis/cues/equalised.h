#pragma once

#include <cstdint>

#include "safelight/picture/picture.h"
#include "safelight/traces/looked_at.h"

namespace safelight::synthesis {

/// The longer side to which larger pictures are brought before they are compared.
inline constexpr uint32_t kEqualisedSide = 1024;

/// The shape of a picture of `whole` at that size; `whole` itself where no side is longer.
PictureShape equalised_shape(const PictureShape& whole);

/// The middle, at most `max_side` wide and high, of a picture at equalised_shape(whole), as far as
/// it follows from a part of the picture: `part`, which is the picture cut to `where`. Each sample
/// is the mean over the area that it covers, rounded to the nearest (to 1e-3 of a level). Empty (no
/// width, no height) where `part` is too small to give a pixel. Of 1 or 3 channels.
Picture equalised(const Picture& part, const traces::Region& where, const PictureShape& whole,
                  uint32_t max_side);

}  // namespace safelight::synthesis
