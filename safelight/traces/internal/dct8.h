#pragma once

#include <array>
#include <span>

namespace safelight::traces::internal {

/// The orthonormal transform of JPEG on blocks of 8x8 values in natural order, and its inverse.
void dct8(std::span<const float, 64> samples, std::span<float, 64> coefficients);
void inverse_dct8(std::span<const float, 64> coefficients, std::span<float, 64> samples);

}  // namespace safelight::traces::internal
