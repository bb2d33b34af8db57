#include "safelight/pdq/internal/kernels.h"

#include <array>
#include <bit>
#include <cmath>
#include <gtest/gtest.h>
#include <numbers>

#include "safelight/pdq/internal/dct_matrix.h"
#include "safelight/pdq/internal/oracle.h"
#include "safelight/pdq/internal/test_pictures.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace safelight::pdq::internal {
namespace {

TEST(Kernels, LumaIsTheReferencesAndTheWheelsForEveryColour) {
  Picture colours{{65536, 1, 3}, std::vector<uint8_t>(3 * 65536)};
  std::vector<float> luma(65536);
  for (int red = 0; red < 256; ++red) {
    for (size_t i = 0; i < luma.size(); ++i) {
      colours.samples[3 * i] = static_cast<uint8_t>(red);
      colours.samples[3 * i + 1] = static_cast<uint8_t>(i / 256);
      colours.samples[3 * i + 2] = static_cast<uint8_t>(i);
    }
    const std::vector<float> reference = oracle::luma_reference(colours);
    const std::vector<float> full = oracle::luma_full(colours);
    for (const SimdLevel level : testable_levels()) {
      kernels_for(level).luma_reference(colours.samples.data(), luma.size(), luma.data());
      ASSERT_EQ(luma, reference) << to_text(level) << " red " << red;
      kernels_for(level).luma_full(colours.samples.data(), luma.size(), luma.data());
      ASSERT_EQ(luma, full) << to_text(level) << " red " << red;
    }
  }
}

TEST(Kernels, FullLumaOfGreyIsTheGreyItself) {
  for (int grey = 0; grey < 256; ++grey) {
    EXPECT_EQ(static_cast<float>((grey * 0.299 + grey * 0.587) + grey * 0.114),
              static_cast<float>(grey));
  }
}

TEST(Kernels, LumaReadsAndWritesNothingPastItsPixels) {
  for (const SimdLevel level : testable_levels()) {
    const Kernels& kernels = kernels_for(level);
    for (size_t count = 0; count < 70; ++count) {
      const Picture rgb = make_picture({static_cast<uint32_t>(count), 1, 3}, Content::noise, count);
      // Exactly sized, so that a sanitizer sees a byte too far.
      for (const auto to_luma : {kernels.luma_reference, kernels.luma_full}) {
        std::vector<float> luma(count + 1, -1.0f);
        to_luma(rgb.samples.data(), count, luma.data());
        const auto expected =
            to_luma == kernels.luma_full ? oracle::luma_full(rgb) : oracle::luma_reference(rgb);
        EXPECT_TRUE(std::equal(expected.begin(), expected.end(), luma.begin()));
        EXPECT_EQ(luma[count], -1.0f);
      }
      std::vector<float> luma(count + 1, -1.0f);
      kernels.luma_grey(rgb.samples.data(), count, luma.data());
      for (size_t i = 0; i < count; ++i) EXPECT_EQ(luma[i], rgb.samples[i]);
      EXPECT_EQ(luma[count], -1.0f);
    }
  }
}

#if defined(__x86_64__)
/// How many of the floats in [1, 2) are divided wrongly by `count`.
[[gnu::target("avx2,fma")]] size_t wrong_quotients(uint32_t count) {
  const Divisor divisor = Divisor::of(count);
  const __m256 divide_by = _mm256_set1_ps(divisor.count);
  const __m256 high = _mm256_set1_ps(divisor.high);
  const __m256 low = _mm256_set1_ps(divisor.low);
  const uint32_t first = std::bit_cast<uint32_t>(1.0f);
  const __m256i step = _mm256_set1_epi32(8);
  __m256i bits = _mm256_add_epi32(_mm256_set1_epi32(static_cast<int>(first)),
                                  _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  __m256i differing = _mm256_setzero_si256();
  for (uint32_t i = 0; i < 1u << 23; i += 8) {
    const __m256 x = _mm256_castsi256_ps(bits);
    const __m256 exact = _mm256_div_ps(x, divide_by);
    const __m256 fast = _mm256_fmadd_ps(x, high, _mm256_mul_ps(x, low));
    differing =
        _mm256_or_si256(differing, _mm256_castps_si256(_mm256_cmp_ps(exact, fast, _CMP_NEQ_UQ)));
    bits = _mm256_add_epi32(bits, step);
  }
  return static_cast<size_t>(_mm256_movemask_ps(_mm256_castsi256_ps(differing)));
}

TEST(Divisor, DividesEveryFloatByEveryWindowCountAsADivisionDoes) {
  if (detect_simd_level() < SimdLevel::avx2) GTEST_SKIP() << "this processor has no AVX2";
  // A power of two in the dividend or the divisor only moves the exponent, so floats of one octave
  // and odd counts stand for all. 512 is the window of the longest side, 65,535.
  ASSERT_LE(BoxFilter::for_side(65'535).window, 512u);
  for (uint32_t count = 1; count <= 512; count += 2) EXPECT_EQ(wrong_quotients(count), 0u) << count;
}
#endif

TEST(DctMatrix, IsTheCosineRoundedOnceSoThatNoMathLibraryChangesIt) {
  const auto scale = static_cast<float>(std::sqrt(2.0 / 64));
  for (uint32_t i = 0; i < kTerms; ++i) {
    for (uint32_t j = 0; j < kGridSide; ++j) {
      const long double exact =
          std::cos(std::numbers::pi_v<long double> * ((i + 1) * (2 * j + 1) % 256) / 128);
      const auto rounded = static_cast<float>(scale * exact);
      EXPECT_EQ(dct_matrix().forward[i * kGridSide + j], rounded);
      EXPECT_EQ(dct_matrix().transposed[j * kTerms + i], rounded);
    }
  }
}

TEST(Kernels, MedianHoldsWithTiesAndZerosOfBothSigns) {
  std::mt19937_64 random(4);
  for (int round = 0; round < 200; ++round) {
    std::array<float, kTerms * kTerms> terms;
    const auto kinds = 1 + random() % 5;
    for (float& term : terms) {
      constexpr std::array<float, 5> kValues = {0.0f, -0.0f, 1.5f, -1.5f, 1e-40f};
      term = kValues[random() % kinds];
    }
    uint16_t expected[4][kTerms];
    scalar_kernels().above_median(terms.data(), expected);
    for (const SimdLevel level : testable_levels()) {
      uint16_t rows[4][kTerms];
      kernels_for(level).above_median(terms.data(), rows);
      for (size_t pattern = 0; pattern < 4; ++pattern) {
        for (size_t i = 0; i < kTerms; ++i) EXPECT_EQ(rows[pattern][i], expected[pattern][i]);
      }
    }
  }
}

TEST(BoxFilter, CountsWhatItsSumHolds) {
  for (const uint32_t length : {5u, 128u, 129u, 300u, 4000u}) {
    const BoxFilter box = BoxFilter::for_side(length);
    EXPECT_EQ(box.window, (length + 127) / 128);
    uint32_t count = 0;
    for (uint32_t step = 0; step < box.steps(); ++step) {
      if (step < length) ++count;
      if (step >= box.window) --count;
      EXPECT_EQ(box.count(step), count);
    }
  }
}

}  // namespace
}  // namespace safelight::pdq::internal
