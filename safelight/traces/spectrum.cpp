#include "safelight/traces/spectrum.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <numbers>
#include <numeric>

namespace safelight::traces {

void fourier_of_columns(std::span<double> real, std::span<double> imaginary, size_t rows,
                        size_t columns) {
  assert(std::has_single_bit(rows));
  assert(real.size() == rows * columns && imaginary.size() == rows * columns);
  const auto row = [columns](std::span<double> plane, size_t y) {
    return plane.subspan(y * columns, columns);
  };
  for (size_t i = 1, j = 0; i < rows; ++i) {
    size_t bit = rows / 2;
    for (; (j & bit) != 0; bit /= 2) j ^= bit;
    j |= bit;
    if (i >= j) continue;
    std::ranges::swap_ranges(row(real, i), row(real, j));
    std::ranges::swap_ranges(row(imaginary, i), row(imaginary, j));
  }
  for (size_t length = 2; length <= rows; length *= 2) {
    const double angle = -2 * std::numbers::pi / static_cast<double>(length);
    for (size_t k = 0; k < length / 2; ++k) {
      const double turn_real = std::cos(angle * static_cast<double>(k));
      const double turn_imaginary = std::sin(angle * static_cast<double>(k));
      for (size_t begin = k; begin < rows; begin += length) {
        double* const even_real = row(real, begin).data();
        double* const even_imaginary = row(imaginary, begin).data();
        double* const odd_real = row(real, begin + length / 2).data();
        double* const odd_imaginary = row(imaginary, begin + length / 2).data();
        for (size_t x = 0; x < columns; ++x) {
          const double turned_real = odd_real[x] * turn_real - odd_imaginary[x] * turn_imaginary;
          const double turned_imaginary =
              odd_real[x] * turn_imaginary + odd_imaginary[x] * turn_real;
          odd_real[x] = even_real[x] - turned_real;
          odd_imaginary[x] = even_imaginary[x] - turned_imaginary;
          even_real[x] += turned_real;
          even_imaginary[x] += turned_imaginary;
        }
      }
    }
  }
}

std::vector<double> magnitudes(std::span<const double> signal) {
  if (signal.empty()) return {};
  const double mean =
      std::accumulate(signal.begin(), signal.end(), 0.0) / static_cast<double>(signal.size());
  std::vector<double> real(std::bit_ceil(std::max<size_t>(signal.size(), 2)));
  std::vector<double> imaginary(real.size());
  for (size_t i = 0; i < signal.size(); ++i) {
    const double window =
        0.5 - 0.5 * std::cos(2 * std::numbers::pi * (static_cast<double>(i) + 0.5) /
                             static_cast<double>(signal.size()));
    real[i] = (signal[i] - mean) * window;
  }
  fourier_of_columns(real, imaginary, real.size(), 1);
  std::vector<double> out(real.size() / 2 + 1);
  for (size_t i = 0; i < out.size(); ++i) out[i] = std::hypot(real[i], imaginary[i]);
  return out;
}

std::vector<double> without_trend(std::span<const double> signal, size_t reach) {
  std::vector<double> sums(signal.size() + 1);
  std::partial_sum(signal.begin(), signal.end(), sums.begin() + 1);
  std::vector<double> out(signal.size());
  for (size_t i = 0; i < signal.size(); ++i) {
    const size_t begin = i > reach ? i - reach : 0;
    const size_t end = std::min(signal.size(), i + reach + 1);
    out[i] = signal[i] - (sums[end] - sums[begin]) / static_cast<double>(end - begin);
  }
  return out;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace safelight::traces
