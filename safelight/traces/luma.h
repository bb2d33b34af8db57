#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "safelight/picture/picture.h"
#include "safelight/traces/looked_at.h"

namespace safelight::traces {

/// The middle of a picture, at most `max_side` wide and high, its corner on multiples of 8.
Region middle(const PictureShape& shape, uint32_t max_side);

/// Whether the samples are as many as the shape says, with 1 or 3 channels.
bool is_whole(const Picture& picture);

/// Luma of a row (0 to 255; BT.601, as JPEG has it), or the samples of a grey picture.
void luma_row(const Picture& picture, uint32_t y, uint32_t left, std::span<uint8_t> out);

}  // namespace safelight::traces
