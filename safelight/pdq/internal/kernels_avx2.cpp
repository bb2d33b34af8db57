#include "safelight/pdq/internal/kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "safelight/pdq/internal/lanes.h"

namespace safelight::pdq::internal {
namespace {

struct Avx2Lanes {
  using V = __m256;
  static constexpr uint32_t kLanes = 8;
  static V zero() { return _mm256_setzero_ps(); }
  static V set(float value) { return _mm256_set1_ps(value); }
  static V load(const float* from) { return _mm256_loadu_ps(from); }
  static void store(float* to, V value) { _mm256_storeu_ps(to, value); }
  static V add(V a, V b) { return _mm256_add_ps(a, b); }
  static V sub(V a, V b) { return _mm256_sub_ps(a, b); }
  static V mul(V a, V b) { return _mm256_mul_ps(a, b); }
  static V true_divide(V a, V b) { return _mm256_div_ps(a, b); }
  static V divide(V a, const DivideBy<Avx2Lanes>& by) {
    return _mm256_fmadd_ps(a, by.high, _mm256_mul_ps(a, by.low));
  }
  static V truncate(V a) { return _mm256_round_ps(a, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC); }
  static V absolute(V a) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a); }
  static float sum(V a) {
    alignas(32) float values[kLanes];
    _mm256_store_ps(values, a);
    float total = 0;
    for (const float value : values) total += value;
    return total;
  }

  /// Transposes each 128-bit lane of four vectors as a square of four.
  [[gnu::always_inline]] static void transpose_lanes(V& a, V& b, V& c, V& d) {
    const __m256d ab_low = _mm256_castps_pd(_mm256_unpacklo_ps(a, b));
    const __m256d ab_high = _mm256_castps_pd(_mm256_unpackhi_ps(a, b));
    const __m256d cd_low = _mm256_castps_pd(_mm256_unpacklo_ps(c, d));
    const __m256d cd_high = _mm256_castps_pd(_mm256_unpackhi_ps(c, d));
    a = _mm256_castpd_ps(_mm256_unpacklo_pd(ab_low, cd_low));
    b = _mm256_castpd_ps(_mm256_unpackhi_pd(ab_low, cd_low));
    c = _mm256_castpd_ps(_mm256_unpacklo_pd(ab_high, cd_high));
    d = _mm256_castpd_ps(_mm256_unpackhi_pd(ab_high, cd_high));
  }

  [[gnu::always_inline]] static void load_columns(const float* in, size_t stride,
                                                  V (&columns)[kOctet]) {
#pragma GCC unroll 8
    for (uint32_t k = 0; k < kOctet; ++k) {
      // Four columns of the rows r and r + 4. Inserts from memory leave the shuffle port alone.
      const float* rows = in + k % 4 * stride + k / 4 * 4;
      columns[k] = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(rows)),
                                        _mm_loadu_ps(rows + 4 * stride), 1);
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
#pragma GCC unroll 4
    for (uint32_t k = 0; k < 4; ++k) {
      store(out + k * stride, _mm256_permute2f128_ps(left[k], right[k], 0x20));
      store(out + (k + 4) * stride, _mm256_permute2f128_ps(left[k], right[k], 0x31));
    }
  }
};

constexpr size_t kPixels = 8;
constexpr size_t kPixelBytes = 3 * kPixels;

/// The first 16 bytes of eight pixels, and the last 16.
[[gnu::always_inline]] inline __m256i load_bytes(const uint8_t* rgb) {
  const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(rgb));
  const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(rgb + 8));
  return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
}

/// Eight pixels as 32-bit lanes of red, green, blue and zero, red in the low byte.
[[gnu::always_inline]] inline __m256i load_pixels(const uint8_t* rgb) {
  const __m256i spread = _mm256_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1,  //
                                          4, 5, 6, -1, 7, 8, 9, -1, 10, 11, 12, -1, 13, 14, 15, -1);
  return _mm256_shuffle_epi8(load_bytes(rgb), spread);
}

/// `weight` times each byte that `indices` picks out of `biased`, rounded once.
[[gnu::always_inline]] inline __m256 weigh(float weight, __m256i indices, __m256i biased) {
  // A byte in the low bits of the float 2^23 makes 2^23 + byte. The product with it is not rounded
  // before 2^23 * weight, which is exact, is taken off again: a conversion and a product in one.
  const __m256 floats = _mm256_castsi256_ps(_mm256_shuffle_epi8(biased, indices));
  return _mm256_fmsub_ps(_mm256_set1_ps(weight), floats, _mm256_set1_ps(weight * 0x1p23f));
}

/// For each 32-bit lane, the place of one channel's byte and of the bytes 0, 0, 0x4b of 2^23.
[[gnu::always_inline]] inline __m256i biased_indices(int channel) {
  const __m256i first = _mm256_setr_epi32(0x0f0c0c00, 0x0f0c0c03, 0x0f0c0c06, 0x0f0c0c09,  //
                                          0x03000004, 0x03000007, 0x0300000a, 0x0300000d);
  return _mm256_add_epi32(first, _mm256_set1_epi32(channel));
}

[[gnu::always_inline]] inline __m256 eight_reference(const uint8_t* rgb) {
  // Four pixels fill the first 12 bytes of the low half and the last 12 of the high one.
  const __m256i bias = _mm256_castps_si256(_mm256_set1_ps(0x1p23f));
  const __m256i pixels = _mm256_blend_epi32(load_bytes(rgb), bias, 0x18);
  const __m256 red_green = _mm256_add_ps(weigh(0.299f, biased_indices(0), pixels),
                                         weigh(0.587f, biased_indices(1), pixels));
  return _mm256_add_ps(red_green, weigh(0.114f, biased_indices(2), pixels));
}

[[gnu::always_inline]] inline __m256 eight_full(const uint8_t* rgb) {
  const __m256i pixels = load_pixels(rgb);
  const __m256i bytes = _mm256_set1_epi16(0xff);
  const __m256i red_blue = _mm256_and_si256(pixels, bytes);
  const __m256i green = _mm256_and_si256(_mm256_srli_epi16(pixels, 8), bytes);
  const __m256i thousandths =
      _mm256_add_epi32(_mm256_madd_epi16(red_blue, _mm256_set1_epi32(299 | 114 << 16)),
                       _mm256_madd_epi16(green, _mm256_set1_epi32(587)));
  const DivideBy<Avx2Lanes> thousand(Divisor{1000.0f, 0x1.0624dep-10f, -0x1.a1cacp-35f});
  return Avx2Lanes::divide(_mm256_cvtepi32_ps(thousandths), thousand);
}

/// Applies `eight` to all pixels; the last few go through a buffer, so that nothing is read or
/// written past them.
template <class Eight>
[[gnu::always_inline]] inline void map_pixels(const uint8_t* rgb, size_t count, float* luma,
                                              Eight eight) {
  size_t i = 0;
  for (; i + kPixels <= count; i += kPixels) _mm256_storeu_ps(luma + i, eight(rgb + 3 * i));
  if (i == count) return;
  uint8_t last[kPixelBytes] = {};
  for (size_t at = 0; at < 3 * (count - i); ++at) last[at] = rgb[3 * i + at];
  alignas(32) float lumas[kPixels];
  _mm256_store_ps(lumas, eight(last));
  for (size_t at = 0; i + at < count; ++at) luma[i + at] = lumas[at];
}

void luma_reference(const uint8_t* rgb, size_t count, float* luma) {
  map_pixels(rgb, count, luma, [](const uint8_t* at) { return eight_reference(at); });
}

void luma_full(const uint8_t* rgb, size_t count, float* luma) {
  map_pixels(rgb, count, luma, [](const uint8_t* at) { return eight_full(at); });
}

void luma_grey(const uint8_t* grey, size_t count, float* luma) {
  size_t i = 0;
  for (; i + kPixels <= count; i += kPixels) {
    const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(grey + i));
    _mm256_storeu_ps(luma + i, _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes)));
  }
  for (; i < count; ++i) luma[i] = static_cast<float>(grey[i]);
}

constexpr uint32_t kVectors = kTerms * kTerms / 8;

/// The 128th smallest of 256 floats, by bisection over keys that order as the floats do.
[[gnu::always_inline]] inline float lower_median(const __m256i (&bits)[kVectors]) {
  const __m256i magnitude = _mm256_set1_epi32(INT32_MAX);
  __m256i keys[kVectors];
  for (uint32_t i = 0; i < kVectors; ++i) {
    keys[i] =
        _mm256_xor_si256(bits[i], _mm256_and_si256(_mm256_srai_epi32(bits[i], 31), magnitude));
  }
  uint32_t key = 0;  // As if keys were unsigned; the top bit is turned to compare them.
  for (uint32_t bit = 1u << 31; bit != 0; bit >>= 1) {
    const uint32_t highest = (key | (bit - 1)) ^ 0x80000000u;
    const __m256i pivot = _mm256_set1_epi32(static_cast<int>(highest));
    __m256i minus_above = _mm256_setzero_si256();
    for (uint32_t i = 0; i < kVectors; ++i) {
      minus_above = _mm256_add_epi32(minus_above, _mm256_cmpgt_epi32(keys[i], pivot));
    }
    alignas(32) int32_t counts[8];
    _mm256_store_si256(reinterpret_cast<__m256i*>(counts), minus_above);
    int32_t at_most = kTerms * kTerms;
    for (const int32_t count : counts) at_most += count;
    if (at_most < static_cast<int32_t>(kTerms * kTerms / 2)) key |= bit;
  }
  key ^= 0x80000000u;
  const uint32_t flip = (key & 0x80000000u) != 0 ? 0x7fffffffu : 0u;
  return __builtin_bit_cast(float, key ^ flip);
}

void above_median(const float* terms, uint16_t rows[4][kTerms]) {
  const __m256i sign = _mm256_set1_epi32(INT32_MIN);
  const __m256i even = _mm256_setr_epi32(INT32_MIN, 0, INT32_MIN, 0, INT32_MIN, 0, INT32_MIN, 0);
  const __m256i odd = _mm256_xor_si256(even, sign);
  for (uint32_t pattern = 0; pattern < 4; ++pattern) {
    __m256i bits[kVectors];
    for (uint32_t i = 0; i < kVectors; ++i) {
      const bool even_row = i / 2 % 2 == 0;
      __m256i negated = _mm256_setzero_si256();
      if (pattern == 1) negated = even;
      if (pattern == 2 && even_row) negated = sign;
      if (pattern == 3) negated = even_row ? odd : even;
      bits[i] = _mm256_xor_si256(_mm256_castps_si256(_mm256_loadu_ps(terms + 8 * i)), negated);
    }
    const __m256 median = _mm256_set1_ps(lower_median(bits));
    for (uint32_t i = 0; i < kTerms; ++i) {
      uint32_t above = 0;
      for (uint32_t half = 0; half < 2; ++half) {
        const __m256 more =
            _mm256_cmp_ps(_mm256_castsi256_ps(bits[2 * i + half]), median, _CMP_GT_OQ);
        above |= static_cast<uint32_t>(_mm256_movemask_ps(more)) << (8 * half);
      }
      rows[pattern][i] = static_cast<uint16_t>(above);
    }
  }
}

}  // namespace

const Kernels& avx2_kernels() {
  static constexpr Kernels kKernels = {
      luma_reference,
      luma_full,
      luma_grey,
      filter_rows<Avx2Lanes>,
      filter_columns<Avx2Lanes>,
      filter_grid<Avx2Lanes>,
      quality<Avx2Lanes>,
      transform<Avx2Lanes>,
      above_median,
  };
  return kKernels;
}

}  // namespace safelight::pdq::internal

#endif
