#pragma once

#include <array>

#include "safelight/pdq/internal/kernels.h"

namespace safelight::pdq::internal {

/// The matrix D of PDQ's cosine transform, of which the terms 1 to 16 are kept (0, the mean, is
/// not). Source: dct_matrix_64 in pdq/cpp/hashing/pdqhashing.cpp of facebook/ThreatExchange.
struct DctMatrix {
  alignas(64) std::array<float, kTerms * kGridSide> forward;     ///< 16 rows of 64.
  alignas(64) std::array<float, kTerms * kGridSide> transposed;  ///< 64 rows of 16.
};

const DctMatrix& dct_matrix();

}  // namespace safelight::pdq::internal
