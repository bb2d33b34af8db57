#pragma once

#include <cstdint>
#include <span>

#include "safelight/picture/picture.h"

namespace safelight {

/// Whether red, green and blue are equal in each pixel of `samples`, which have three channels.
bool all_grey(std::span<const uint8_t> samples);

/// The first of the three channels of `picture`: all of it where every pixel is grey.
Picture first_channel(const Picture& picture);

}  // namespace safelight
