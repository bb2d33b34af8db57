#include "safelight/traces/internal/dct8.h"

#include <gtest/gtest.h>
#include <random>

namespace safelight::traces::internal {
namespace {

TEST(Dct8, IsInverted) {
  std::mt19937 random(2);
  std::array<float, 64> samples{};
  for (float& sample : samples) sample = static_cast<float>(random() % 256);
  std::array<float, 64> coefficients{};
  std::array<float, 64> back{};
  dct8(samples, coefficients);
  inverse_dct8(coefficients, back);
  float sum = 0;
  for (size_t i = 0; i < 64; ++i) {
    EXPECT_NEAR(back[i], samples[i], 1e-3);
    sum += samples[i];
  }
  EXPECT_NEAR(coefficients[0], sum / 8, 1e-2);
}

}  // namespace
}  // namespace safelight::traces::internal
