#include "safelight/traces/spectrum.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>
#include <numbers>
#include <numeric>

namespace safelight::traces {
namespace {

/// What every x86-64 and AArch64 computes in one step.
using Pair = double __attribute__((vector_size(16)));

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
  template <typename T, size_t kCount>
  void run(double* real, double* imaginary, size_t columns) {
    const size_t rows = from_.size();
    values_.resize(rows * kCount * 2);
    for (size_t y = 0; y < rows; ++y) {
      double* const to = values_.data() + y * kCount * 2;
      std::copy_n(real + from_[y] * columns, kCount, to);
      std::copy_n(imaginary + from_[y] * columns, kCount, to + kCount);
    }
    // Two steps of the transform at a time: half the loads and stores of one at a time.
    size_t length = 1;
    if (std::countr_zero(rows) % 2 == 1) {
      for (size_t i = 0; i < rows; i += 2) run_first_step<T, kCount>(i);
      length = 2;
    }
    for (; length < rows; length *= 4) {
      for (size_t k = 0; k < length; ++k) {
        for (size_t i = k; i < rows; i += length * 4) run_two_steps<T, kCount>(i, k, length);
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

  /// `T` is as many columns as are taken at once: each by itself, so that it changes no value.
  template <typename T>
  struct Complex {
    T real;
    T imaginary;
  };

  /// From the first half of the values of a row, which are real, and the second.
  template <typename T, size_t kCount>
  Complex<T> load(size_t row, size_t x) const {
    const double* const from = values_.data() + row * kCount * 2 + x;
    Complex<T> out;
    std::memcpy(&out.real, from, sizeof out.real);
    std::memcpy(&out.imaginary, from + kCount, sizeof out.imaginary);
    return out;
  }
  template <typename T, size_t kCount>
  void store(size_t row, size_t x, const Complex<T>& value) {
    double* const to = values_.data() + row * kCount * 2 + x;
    std::memcpy(to, &value.real, sizeof value.real);
    std::memcpy(to + kCount, &value.imaginary, sizeof value.imaginary);
  }

  template <typename T>
  static void combine(Complex<T>& even, Complex<T>& odd, Turn turn) {
    const Complex<T> turned = {odd.real * turn.real - odd.imaginary * turn.imaginary,
                               odd.real * turn.imaginary + odd.imaginary * turn.real};
    odd = {even.real - turned.real, even.imaginary - turned.imaginary};
    even = {even.real + turned.real, even.imaginary + turned.imaginary};
  }

  /// The first, which turns nothing.
  template <typename T, size_t kCount>
  void run_first_step(size_t row) {
    for (size_t x = 0; x < kCount; x += sizeof(T) / sizeof(double)) {
      const auto even = load<T, kCount>(row, x);
      const auto odd = load<T, kCount>(row + 1, x);
      store<T, kCount>(row, x, {even.real + odd.real, even.imaginary + odd.imaginary});
      store<T, kCount>(row + 1, x, {even.real - odd.real, even.imaginary - odd.imaginary});
    }
  }

  /// Those that make transforms of `length * 4` rows of such of `length`, of place `k` in them.
  template <typename T, size_t kCount>
  void run_two_steps(size_t row, size_t k, size_t length) {
    const size_t rows = from_.size();
    const Turn turn = turns_[k * (rows / (length * 2))];
    const Turn first = turns_[k * (rows / (length * 4))];
    const Turn second = turns_[(k + length) * (rows / (length * 4))];
    for (size_t x = 0; x < kCount; x += sizeof(T) / sizeof(double)) {
      auto a = load<T, kCount>(row, x);
      auto b = load<T, kCount>(row + length, x);
      auto c = load<T, kCount>(row + length * 2, x);
      auto d = load<T, kCount>(row + length * 3, x);
      combine(a, b, turn);
      combine(c, d, turn);
      combine(a, c, first);
      combine(b, d, second);
      store<T, kCount>(row, x, a);
      store<T, kCount>(row + length, x, b);
      store<T, kCount>(row + length * 2, x, c);
      store<T, kCount>(row + length * 3, x, d);
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
    transform.run<Pair, kTogether>(real.data() + x, imaginary.data() + x, columns);
  }
  for (; x < columns; ++x) transform.run<double, 1>(real.data() + x, imaginary.data() + x, columns);
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
