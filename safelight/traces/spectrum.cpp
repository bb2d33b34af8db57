#include "safelight/traces/spectrum.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <numbers>
#include <numeric>

namespace safelight::traces {
namespace {

using Complex = std::complex<double>;

/// In place, for a power of two of values.
void fourier(std::vector<Complex>& values) {
  const size_t size = values.size();
  for (size_t i = 1, j = 0; i < size; ++i) {
    size_t bit = size / 2;
    for (; (j & bit) != 0; bit /= 2) j ^= bit;
    j |= bit;
    if (i < j) std::swap(values[i], values[j]);
  }
  for (size_t length = 2; length <= size; length *= 2) {
    const double angle = -2 * std::numbers::pi / static_cast<double>(length);
    for (size_t k = 0; k < length / 2; ++k) {
      const Complex turn = std::polar(1.0, angle * static_cast<double>(k));
      for (size_t begin = k; begin < size; begin += length) {
        const Complex odd = values[begin + length / 2] * turn;
        values[begin + length / 2] = values[begin] - odd;
        values[begin] += odd;
      }
    }
  }
}

}  // namespace

std::vector<double> magnitudes(std::span<const double> signal) {
  if (signal.empty()) return {};
  const double mean =
      std::accumulate(signal.begin(), signal.end(), 0.0) / static_cast<double>(signal.size());
  std::vector<Complex> values(std::bit_ceil(std::max<size_t>(signal.size(), 2)));
  for (size_t i = 0; i < signal.size(); ++i) {
    const double window =
        0.5 - 0.5 * std::cos(2 * std::numbers::pi * (static_cast<double>(i) + 0.5) /
                             static_cast<double>(signal.size()));
    values[i] = (signal[i] - mean) * window;
  }
  fourier(values);
  std::vector<double> out(values.size() / 2 + 1);
  for (size_t i = 0; i < out.size(); ++i) out[i] = std::abs(values[i]);
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
