#include "safelight/traces/spectrum.h"

#include <bit>
#include <cmath>
#include <complex>
#include <gtest/gtest.h>
#include <numbers>
#include <random>

namespace safelight::traces {
namespace {

TEST(FourierOfColumns, EqualsThePlainSumInEachColumn) {
  constexpr size_t kRows = 16;
  constexpr size_t kColumns = 19;
  std::mt19937 random(7);
  std::vector<double> real(kRows * kColumns);
  std::vector<double> imaginary(real.size());
  for (double& value : real) value = static_cast<double>(random() % 100);
  for (double& value : imaginary) value = static_cast<double>(random() % 100);
  const std::vector<std::complex<double>> before = [&] {
    std::vector<std::complex<double>> values;
    for (size_t i = 0; i < real.size(); ++i) values.emplace_back(real[i], imaginary[i]);
    return values;
  }();
  fourier_of_columns(real, imaginary, kRows, kColumns);
  for (size_t x = 0; x < kColumns; ++x) {
    for (size_t k = 0; k < kRows; ++k) {
      std::complex<double> sum = 0;
      for (size_t y = 0; y < kRows; ++y) {
        const double turns = static_cast<double>(y * k) / kRows;
        sum += before[y * kColumns + x] * std::polar(1.0, -2 * std::numbers::pi * turns);
      }
      EXPECT_NEAR(real[k * kColumns + x], sum.real(), 1e-9);
      EXPECT_NEAR(imaginary[k * kColumns + x], sum.imag(), 1e-9);
    }
  }
}

TEST(Magnitudes, EqualThePlainFourierSum) {
  std::mt19937 random(1);
  std::vector<double> signal(32);
  double mean = 0;
  for (double& value : signal) {
    value = static_cast<double>(random() % 100);
    mean += value / 32;
  }
  const std::vector<double> fast = magnitudes(signal);
  ASSERT_EQ(fast.size(), 17u);
  for (size_t k = 0; k < fast.size(); ++k) {
    double real = 0;
    double imaginary = 0;
    for (size_t i = 0; i < signal.size(); ++i) {
      const double turn = 2 * std::numbers::pi / 32;
      const double at = static_cast<double>(i);
      const double value = (signal[i] - mean) * (0.5 - 0.5 * std::cos(turn * (at + 0.5)));
      real += value * std::cos(turn * at * static_cast<double>(k));
      imaginary += value * std::sin(turn * at * static_cast<double>(k));
    }
    EXPECT_NEAR(fast[k], std::hypot(real, imaginary), 1e-9) << k;
  }
}

TEST(Magnitudes, TakeAnyLength) {
  EXPECT_TRUE(magnitudes({}).empty());
  for (size_t size = 1; size < 20; ++size) {
    EXPECT_EQ(magnitudes(std::vector<double>(size, 3)).size(),
              std::bit_ceil(std::max<size_t>(size, 2)) / 2 + 1);
  }
}

TEST(WithoutTrend, LeavesNothingOfAConstantAndLittleOfASlope) {
  std::vector<double> slope(50);
  for (size_t i = 0; i < slope.size(); ++i) slope[i] = static_cast<double>(i);
  const std::vector<double> flat = without_trend(slope, 5);
  for (size_t i = 5; i < 45; ++i) EXPECT_NEAR(flat[i], 0, 1e-9);
  EXPECT_TRUE(without_trend({}, 5).empty());
}

TEST(Median, IsTheMiddleValue) {
  EXPECT_EQ(median({}), 0);
  EXPECT_EQ(median({4}), 4);
  EXPECT_EQ(median({9, 1, 5}), 5);
}

}  // namespace
}  // namespace safelight::traces
