#pragma once

#include <cstdint>

#include "safelight/picture/picture.h"

namespace safelight::serve {

/// An ordinary picture to rest the eyes on, and to show what a setting does: a landscape of hills
/// under a sky, drawn by its number, 480 by 320 pixels in colour. The same samples on every
/// machine.
Picture draw_interlude(uint32_t number);

}  // namespace safelight::serve
