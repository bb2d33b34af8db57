#include "safelight/traces/internal/dct8.h"

#include <cmath>
#include <numbers>

namespace safelight::traces::internal {
namespace {

using Matrix = std::array<float, 64>;

/// Row u holds the basis function of frequency u.
const Matrix& basis() {
  static const Matrix matrix = [] {
    Matrix m{};
    for (size_t u = 0; u < 8; ++u) {
      for (size_t x = 0; x < 8; ++x) {
        const double scale = u == 0 ? std::sqrt(0.125) : 0.5;
        m[u * 8 + x] =
            static_cast<float>(scale * std::cos((2.0 * static_cast<double>(x) + 1) *
                                                static_cast<double>(u) * std::numbers::pi / 16));
      }
    }
    return m;
  }();
  return matrix;
}

const Matrix& basis_transposed() {
  static const Matrix matrix = [] {
    Matrix m{};
    for (size_t i = 0; i < 64; ++i) m[i % 8 * 8 + i / 8] = basis()[i];
    return m;
  }();
  return matrix;
}

/// out = a * b, each row of `out` as a sum of rows of `b`, which compilers make vectors of.
void multiply(std::span<const float, 64> a, std::span<const float, 64> b,
              std::span<float, 64> out) {
  for (size_t i = 0; i < 8; ++i) {
    std::array<float, 8> row{};
    for (size_t k = 0; k < 8; ++k) {
      const float factor = a[i * 8 + k];
      for (size_t j = 0; j < 8; ++j) row[j] += factor * b[k * 8 + j];
    }
    for (size_t j = 0; j < 8; ++j) out[i * 8 + j] = row[j];
  }
}

}  // namespace

void dct8(std::span<const float, 64> samples, std::span<float, 64> coefficients) {
  Matrix half{};
  multiply(basis(), samples, half);
  multiply(half, basis_transposed(), coefficients);
}

void inverse_dct8(std::span<const float, 64> coefficients, std::span<float, 64> samples) {
  Matrix half{};
  multiply(basis_transposed(), coefficients, half);
  multiply(half, basis(), samples);
}

}  // namespace safelight::traces::internal
