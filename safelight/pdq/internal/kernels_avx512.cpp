#include "safelight/pdq/internal/kernels.h"

#if defined(__x86_64__)

#if !defined(__clang__)
// GCC 12 warns about the undefined registers inside its own intrinsics (GCC bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <immintrin.h>

#include "safelight/pdq/internal/lanes.h"

namespace safelight::pdq::internal {
namespace {

struct Avx512Lanes {
  using V = __m512;
  static constexpr uint32_t kLanes = 16;
  static V zero() { return _mm512_setzero_ps(); }
  static V set(float value) { return _mm512_set1_ps(value); }
  static V load(const float* from) { return _mm512_loadu_ps(from); }
  static void store(float* to, V value) { _mm512_storeu_ps(to, value); }
  static V add(V a, V b) { return _mm512_add_ps(a, b); }
  static V sub(V a, V b) { return _mm512_sub_ps(a, b); }
  static V mul(V a, V b) { return _mm512_mul_ps(a, b); }
  static V true_divide(V a, V b) { return _mm512_div_ps(a, b); }
  static V divide(V a, const DivideBy<Avx512Lanes>& by) {
    return _mm512_fmadd_ps(a, by.high, _mm512_mul_ps(a, by.low));
  }
  static V truncate(V a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC); }
  static V absolute(V a) { return _mm512_abs_ps(a); }
  static float sum(V a) { return _mm512_reduce_add_ps(a); }

  /// Transposes each 128-bit lane of four vectors as a square of four.
  [[gnu::always_inline]] static void transpose_lanes(V& a, V& b, V& c, V& d) {
    const __m512d ab_low = _mm512_castps_pd(_mm512_unpacklo_ps(a, b));
    const __m512d ab_high = _mm512_castps_pd(_mm512_unpackhi_ps(a, b));
    const __m512d cd_low = _mm512_castps_pd(_mm512_unpacklo_ps(c, d));
    const __m512d cd_high = _mm512_castps_pd(_mm512_unpackhi_ps(c, d));
    a = _mm512_castpd_ps(_mm512_unpacklo_pd(ab_low, cd_low));
    b = _mm512_castpd_ps(_mm512_unpackhi_pd(ab_low, cd_low));
    c = _mm512_castpd_ps(_mm512_unpacklo_pd(ab_high, cd_high));
    d = _mm512_castpd_ps(_mm512_unpackhi_pd(ab_high, cd_high));
  }

  [[gnu::always_inline]] static void load_columns(const float* in, size_t stride,
                                                  V (&columns)[kOctet]) {
#pragma GCC unroll 8
    for (uint32_t k = 0; k < kOctet; ++k) {
      // Four columns of the rows r, r + 4, r + 8, r + 12. Inserts from memory leave the shuffle
      // port alone.
      const float* rows = in + k % 4 * stride + k / 4 * 4;
      V quads = _mm512_castps128_ps512(_mm_loadu_ps(rows));
      quads = _mm512_insertf32x4(quads, _mm_loadu_ps(rows + 4 * stride), 1);
      quads = _mm512_insertf32x4(quads, _mm_loadu_ps(rows + 8 * stride), 2);
      columns[k] = _mm512_insertf32x4(quads, _mm_loadu_ps(rows + 12 * stride), 3);
    }
    transpose_lanes(columns[0], columns[1], columns[2], columns[3]);
    transpose_lanes(columns[4], columns[5], columns[6], columns[7]);
  }

  [[gnu::always_inline]] static void store_columns(const V (&columns)[kOctet], float* out,
                                                   size_t stride) {
    V left[4] = {columns[0], columns[1], columns[2], columns[3]};
    V right[4] = {columns[4], columns[5], columns[6], columns[7]};
    transpose_lanes(left[0], left[1], left[2], left[3]);
    transpose_lanes(right[0], right[1], right[2], right[3]);
    // Eight columns of a row side by side: half as many stores, which are what limits this.
    const __m512i first_lanes = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
    const __m512i last_lanes = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
#pragma GCC unroll 4
    for (uint32_t k = 0; k < 4; ++k) {
      const __m512d low = _mm512_castps_pd(left[k]);
      const __m512d high = _mm512_castps_pd(right[k]);
      const __m512d first = _mm512_permutex2var_pd(low, first_lanes, high);
      const __m512d last = _mm512_permutex2var_pd(low, last_lanes, high);
      store_half(out + k * stride, _mm512_castpd512_pd256(first));
      store_half(out + (k + 4) * stride, _mm512_extractf64x4_pd(first, 1));
      store_half(out + (k + 8) * stride, _mm512_castpd512_pd256(last));
      store_half(out + (k + 12) * stride, _mm512_extractf64x4_pd(last, 1));
    }
  }
  [[gnu::always_inline]] static void store_half(float* to, __m256d half) {
    // Stored as doubles, because GCC 12 folds the extraction into the store only without a cast.
    _mm256_storeu_pd(reinterpret_cast<double*>(to), half);
  }
};

constexpr size_t kPixels = 16;

/// Sixteen pixels or, at the end of a row, fewer; bytes past the pixels are zero.
[[gnu::always_inline]] inline __m512i load_pixels(const uint8_t* rgb, size_t pixels) {
  const size_t bytes = 3 * (pixels < kPixels ? pixels : kPixels);
  return _mm512_maskz_loadu_epi8((uint64_t{1} << bytes) - 1, rgb);
}

/// For each 32-bit lane i, the index of byte 3 i + `channel` in its byte 0.
[[gnu::always_inline]] inline __m512i channel_indices(int channel) {
  const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return _mm512_add_epi32(_mm512_mullo_epi32(lane, _mm512_set1_epi32(3)),
                          _mm512_set1_epi32(channel));
}

[[gnu::always_inline]] inline void store_lumas(float* luma, __m512 lumas, size_t left) {
  const auto mask = static_cast<__mmask16>(left < kPixels ? (1u << left) - 1 : 0xffffu);
  _mm512_mask_storeu_ps(luma, mask, lumas);
}

/// `weight` times each byte that `indices` picks out of `pixels`, rounded once.
[[gnu::always_inline]] inline __m512 weigh(float weight, __m512i indices, __m512i pixels) {
  // A byte in the low bits of the float 2^23 makes 2^23 + byte. The product with it is not rounded
  // before 2^23 * weight, which is exact, is taken off again: a conversion and a product in one.
  constexpr float kBias = 0x1p23f;
  const __m512i bias = _mm512_castps_si512(_mm512_set1_ps(kBias));
  const __m512i biased = _mm512_mask_permutexvar_epi8(bias, 0x1111111111111111u, indices, pixels);
  return _mm512_fmsub_ps(_mm512_set1_ps(weight), _mm512_castsi512_ps(biased),
                         _mm512_set1_ps(weight * kBias));
}

void luma_reference(const uint8_t* rgb, size_t count, float* luma) {
  const __m512i red = channel_indices(0);
  const __m512i green = channel_indices(1);
  const __m512i blue = channel_indices(2);
  for (size_t i = 0; i < count; i += kPixels) {
    const __m512i pixels = load_pixels(rgb + 3 * i, count - i);
    const __m512 red_green =
        _mm512_add_ps(weigh(0.299f, red, pixels), weigh(0.587f, green, pixels));
    store_lumas(luma + i, _mm512_add_ps(red_green, weigh(0.114f, blue, pixels)), count - i);
  }
}

void luma_full(const uint8_t* rgb, size_t count, float* luma) {
  constexpr __mmask64 kLowBytes = 0x1111111111111111u;
  constexpr __mmask64 kEvenBytes = 0x5555555555555555u;
  const __m512i red_green =
      _mm512_or_si512(channel_indices(0), _mm512_slli_epi32(channel_indices(1), 16));
  const __m512i blue = channel_indices(2);
  const __m512i red_green_weights = _mm512_set1_epi32(299 | 587 << 16);
  const __m512i blue_weight = _mm512_set1_epi32(114);
  const DivideBy<Avx512Lanes> thousand(Divisor{1000.0f, 0x1.0624dep-10f, -0x1.a1cacp-35f});
  for (size_t i = 0; i < count; i += kPixels) {
    const __m512i pixels = load_pixels(rgb + 3 * i, count - i);
    const __m512i rg = _mm512_maskz_permutexvar_epi8(kEvenBytes, red_green, pixels);
    const __m512i b = _mm512_maskz_permutexvar_epi8(kLowBytes, blue, pixels);
    const __m512i thousandths = _mm512_add_epi32(_mm512_madd_epi16(rg, red_green_weights),
                                                 _mm512_madd_epi16(b, blue_weight));
    store_lumas(luma + i, Avx512Lanes::divide(_mm512_cvtepi32_ps(thousandths), thousand),
                count - i);
  }
}

void luma_grey(const uint8_t* grey, size_t count, float* luma) {
  for (size_t i = 0; i < count; i += kPixels) {
    const size_t left = count - i;
    const auto mask = static_cast<__mmask16>(left < kPixels ? (1u << left) - 1 : 0xffffu);
    const __m128i bytes = _mm_maskz_loadu_epi8(mask, grey + i);
    store_lumas(luma + i, _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes)), left);
  }
}

/// The 128th smallest of 256 floats, by bisection over keys that order as the floats do.
[[gnu::always_inline]] inline float lower_median(const __m512i (&bits)[kTerms]) {
  const __m512i sign = _mm512_set1_epi32(INT32_MIN);
  __m512i keys[kTerms];
  for (uint32_t i = 0; i < kTerms; ++i) {
    const __m512i flip = _mm512_or_si512(_mm512_srai_epi32(bits[i], 31), sign);
    keys[i] = _mm512_xor_si512(bits[i], flip);
  }
  uint32_t key = 0;
  for (uint32_t bit = 1u << 31; bit != 0; bit >>= 1) {
    const __m512i pivot = _mm512_set1_epi32(static_cast<int>(key | (bit - 1)));
    int at_most = 0;
    for (uint32_t i = 0; i < kTerms; ++i) {
      at_most += __builtin_popcount(_mm512_cmple_epu32_mask(keys[i], pivot));
    }
    if (at_most < static_cast<int>(kTerms * kTerms / 2)) key |= bit;
  }
  const uint32_t flip = (key & 0x80000000u) != 0 ? 0x80000000u : 0xffffffffu;
  return __builtin_bit_cast(float, key ^ flip);
}

void above_median(const float* terms, uint16_t rows[4][kTerms]) {
  const __m512i sign = _mm512_set1_epi32(INT32_MIN);
  constexpr __mmask16 kEven = 0x5555;
  constexpr __mmask16 kOdd = 0xaaaa;
  for (uint32_t pattern = 0; pattern < 4; ++pattern) {
    __m512i bits[kTerms];
    for (uint32_t i = 0; i < kTerms; ++i) {
      bits[i] = _mm512_castps_si512(_mm512_loadu_ps(terms + i * kTerms));
      __mmask16 negated = 0;
      if (pattern == 1) negated = kEven;
      if (pattern == 2) negated = i % 2 == 0 ? 0xffff : 0;
      if (pattern == 3) negated = i % 2 == 0 ? kOdd : kEven;
      bits[i] = _mm512_mask_xor_epi32(bits[i], negated, bits[i], sign);
    }
    const __m512 median = _mm512_set1_ps(lower_median(bits));
    for (uint32_t i = 0; i < kTerms; ++i) {
      rows[pattern][i] = _mm512_cmp_ps_mask(_mm512_castsi512_ps(bits[i]), median, _CMP_GT_OQ);
    }
  }
}

}  // namespace

const Kernels& avx512_kernels() {
  static constexpr Kernels kKernels = {
      luma_reference,
      luma_full,
      luma_grey,
      filter_rows<Avx512Lanes>,
      filter_columns<Avx512Lanes>,
      filter_grid<Avx512Lanes>,
      quality<Avx512Lanes>,
      transform<Avx512Lanes>,
      above_median,
  };
  return kKernels;
}

}  // namespace safelight::pdq::internal

#endif
