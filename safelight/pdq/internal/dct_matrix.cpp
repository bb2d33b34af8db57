#include "safelight/pdq/internal/dct_matrix.h"

#include <cmath>
#include <numbers>

namespace safelight::pdq::internal {
namespace {

DctMatrix make_dct_matrix() {
  DctMatrix matrix{};
  // As the reference rounds: the scale to float, the cosine in double, their product to float.
  const auto scale = static_cast<float>(std::sqrt(2.0 / kGridSide));
  for (uint32_t i = 0; i < kTerms; ++i) {
    for (uint32_t j = 0; j < kGridSide; ++j) {
      const double angle = std::numbers::pi / 2.0 / kGridSide * (i + 1) * (2 * j + 1);
      const auto factor = static_cast<float>(scale * std::cos(angle));
      matrix.forward[i * kGridSide + j] = factor;
      matrix.transposed[j * kTerms + i] = factor;
    }
  }
  return matrix;
}

}  // namespace

const DctMatrix& dct_matrix() {
  static const DctMatrix kMatrix = make_dct_matrix();
  return kMatrix;
}

}  // namespace safelight::pdq::internal
