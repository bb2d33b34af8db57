#include "safelight/traces/spectrum.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <numbers>
#include <numeric>

namespace safelight::traces {
namespace {

/// The rows of a transform: where each is taken from, and the turns that they are combined with.
class Transform {
 public:
  explicit Transform(size_t rows) : from_(rows), turns_(rows / 2) {
    for (size_t i = 1, j = 0; i < rows; ++i) {
      size_t bit = rows / 2;
      for (; (j & bit) != 0; bit /= 2) j ^= bit;
      j |= bit;
      from_[i] = j;
    }
    const double angle = -2 * std::numbers::pi / static_cast<double>(rows);
    for (size_t k = 0; k < turns_.size(); ++k) {
      const double turned = angle * static_cast<double>(k);
      turns_[k] = {std::cos(turned), std::sin(turned)};
    }
  }

  /// Of kCount neighbouring columns from those that the pointers show. They are brought together
  /// first, so that all stay in the nearest cache.
  template <size_t kCount>
  void run(double* real, double* imaginary, size_t columns) {
    const size_t rows = from_.size();
    values_.resize(rows * kCount * 2);
    for (size_t y = 0; y < rows; ++y) {
      double* const to = values_.data() + y * kCount * 2;
      std::copy_n(real + from_[y] * columns, kCount, to);
      std::copy_n(imaginary + from_[y] * columns, kCount, to + kCount);
    }
    for (size_t length = 2; length <= rows; length *= 2) {
      for (size_t k = 0; k < length / 2; ++k) {
        const Turn turn = turns_[k * (rows / length)];
        for (size_t begin = k; begin < rows; begin += length) {
          combine<kCount>(values_.data() + begin * kCount * 2,
                          values_.data() + (begin + length / 2) * kCount * 2, turn);
        }
      }
    }
    for (size_t y = 0; y < rows; ++y) {
      const double* const from = values_.data() + y * kCount * 2;
      std::copy_n(from, kCount, real + y * columns);
      std::copy_n(from + kCount, kCount, imaginary + y * columns);
    }
  }

 private:
  struct Turn {
    double real;
    double imaginary;
  };

  template <size_t kCount>
  static void combine(double* even, double* odd, Turn turn) {
    std::array<double, kCount> real{};
    std::array<double, kCount> imaginary{};
    for (size_t x = 0; x < kCount; ++x) {
      real[x] = odd[x] * turn.real - odd[kCount + x] * turn.imaginary;
      imaginary[x] = odd[x] * turn.imaginary + odd[kCount + x] * turn.real;
    }
    for (size_t x = 0; x < kCount; ++x) {
      odd[x] = even[x] - real[x];
      odd[kCount + x] = even[kCount + x] - imaginary[x];
      even[x] += real[x];
      even[kCount + x] += imaginary[x];
    }
  }

  std::vector<size_t> from_;
  std::vector<Turn> turns_;
  std::vector<double> values_;
};

}  // namespace

void fourier_of_columns(std::span<double> real, std::span<double> imaginary, size_t rows,
                        size_t columns) {
  assert(std::has_single_bit(rows));
  assert(real.size() == rows * columns && imaginary.size() == rows * columns);
  constexpr size_t kTogether = 8;
  Transform transform(rows);
  size_t x = 0;
  for (; x + kTogether <= columns; x += kTogether) {
    transform.run<kTogether>(real.data() + x, imaginary.data() + x, columns);
  }
  for (; x < columns; ++x) transform.run<1>(real.data() + x, imaginary.data() + x, columns);
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
