#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

namespace safelight::codec {

/// The quantised luma of a JPEG as it is stored, before any transform.
struct LumaCoefficients {
  uint32_t blocks_wide = 0;
  uint32_t blocks_high = 0;  ///< Of the whole picture.
  /// The rows of blocks that were asked for, in that order: 64 values a block, in natural order.
  std::vector<int16_t> values;
  std::array<uint16_t, 64> steps{};  ///< The quantisation table, in natural order.
};

/// Says of a picture of that many blocks which rows of blocks are wanted.
using BlockRowChoice =
    std::function<std::vector<uint32_t>(uint32_t blocks_wide, uint32_t blocks_high)>;

}  // namespace safelight::codec
