#pragma once

#include <string_view>

namespace safelight {

/// Instruction sets that hot loops are written for. Each includes those before it.
enum class SimdLevel {
  scalar,
  avx2,    ///< AVX2, BMI2, FMA (used only where written out), POPCNT.
  avx512,  ///< AVX-512 F, BW, DQ, VL, VBMI, VPOPCNTDQ, BITALG.
};

/// The highest level that this processor and operating system have, lowered by the environment
/// variable SAFELIGHT_SIMD (scalar, avx2 or avx512) so that one machine can test them all.
SimdLevel detect_simd_level();

std::string_view to_text(SimdLevel level);

}  // namespace safelight
