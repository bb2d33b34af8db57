// Compiled with AVX2: see resample_avx2.h for what may stand here.
#include "safelight/picture/internal/resample_avx2.h"

#if defined(__x86_64__)

#include <immintrin.h>

namespace safelight::picture_internal {
namespace {

/// Rows that share the work of reading weights.
constexpr size_t kRows = 4;

// A weight is high * 2^15 + low, so that 16-bit products of pairs, which are summed up for each
// part alone, give it exactly. Sums may wrap: they are added up modulo 2^32, where they end as the
// 32-bit sum that the plain loop has.
constexpr int kLowBits = 15;
constexpr int32_t kLowMask = (1 << kLowBits) - 1;

struct Weights {
  __m256i low;
  __m256i high;
};

struct Sums {
  __m256i low = _mm256_setzero_si256();
  __m256i high = _mm256_setzero_si256();

  [[gnu::always_inline]] void add(__m256i samples, const Weights& weights) {
    low = _mm256_add_epi32(low, _mm256_madd_epi16(samples, weights.low));
    high = _mm256_add_epi32(high, _mm256_madd_epi16(samples, weights.high));
  }
  [[gnu::always_inline]] __m256i whole() const {
    return _mm256_add_epi32(low, _mm256_slli_epi32(high, kLowBits));
  }
};

[[gnu::always_inline]] inline __m128i load(const void* at) {
  return _mm_loadu_si128(static_cast<const __m128i*>(at));
}

[[gnu::always_inline]] inline __m128i sum_of_halves(__m256i values) {
  return _mm_add_epi32(_mm256_castsi256_si128(values), _mm256_extracti128_si256(values, 1));
}

[[gnu::always_inline]] inline __m128i rounded(__m128i sums) {
  return _mm_srai_epi32(_mm_add_epi32(sums, _mm_set1_epi32(kHalf)), kWeightBits);
}

// How pixels of a number of channels are weighted: order() makes a vector of kTaps pixels from
// their bytes, twice 16, weights_of() their weights, and pixels_of() a pixel in 32 bits for each
// row.

/// Pairs of samples in the order r0 r1 g0 g1 b0 b1, and likewise of the pixels 2 and 3.
struct Rgb {
  static constexpr size_t kChannels = 3;
  static constexpr size_t kTaps = 4;
  static constexpr size_t kStored = 4;  ///< The next pixel is written over the byte too many.

  [[gnu::always_inline]] static __m256i order() {
    return _mm256_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1,  //
                            6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
  }

  [[gnu::always_inline]] static Weights weights_of(const int32_t* from) {
    const __m128i four = load(from);
    const __m256i parts = _mm256_castsi128_si256(_mm_packs_epi32(
        _mm_and_si128(four, _mm_set1_epi32(kLowMask)), _mm_srai_epi32(four, kLowBits)));
    return {_mm256_permutevar8x32_epi32(parts, _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1)),
            _mm256_permutevar8x32_epi32(parts, _mm256_setr_epi32(2, 2, 2, 2, 3, 3, 3, 3))};
  }

  [[gnu::always_inline]] static __m128i pixels_of(const Sums (&sums)[kRows]) {
    __m128i values[kRows];
#pragma GCC unroll 4
    for (size_t r = 0; r < kRows; ++r) values[r] = rounded(sum_of_halves(sums[r].whole()));
    return _mm_packus_epi16(_mm_packs_epi32(values[0], values[1]),
                            _mm_packs_epi32(values[2], values[3]));
  }
};

/// The samples 0 to 3 and 8 to 11, then 4 to 7 and 12 to 15.
struct Grey {
  static constexpr size_t kChannels = 1;
  static constexpr size_t kTaps = 16;
  static constexpr size_t kStored = 1;

  [[gnu::always_inline]] static __m256i order() {
    return _mm256_setr_epi8(0, -1, 1, -1, 2, -1, 3, -1, 8, -1, 9, -1, 10, -1, 11, -1,  //
                            4, -1, 5, -1, 6, -1, 7, -1, 12, -1, 13, -1, 14, -1, 15, -1);
  }

  [[gnu::always_inline]] static Weights weights_of(const int32_t* from) {
    const __m256i mask = _mm256_set1_epi32(kLowMask);
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + 8));
    return {_mm256_packs_epi32(_mm256_and_si256(a, mask), _mm256_and_si256(b, mask)),
            _mm256_packs_epi32(_mm256_srai_epi32(a, kLowBits), _mm256_srai_epi32(b, kLowBits))};
  }

  [[gnu::always_inline]] static __m128i pixels_of(const Sums (&sums)[kRows]) {
    const __m256i upper = _mm256_hadd_epi32(sums[0].whole(), sums[1].whole());
    const __m256i lower = _mm256_hadd_epi32(sums[2].whole(), sums[3].whole());
    const __m128i values = rounded(sum_of_halves(_mm256_hadd_epi32(upper, lower)));
    return _mm_min_epi32(_mm_max_epi32(values, _mm_setzero_si128()), _mm_set1_epi32(255));
  }
};

template <class Pixels>
void four_rows(const RowPass& pass, const uint8_t* in, uint8_t* out) {
  const size_t out_row_bytes = pass.width * Pixels::kChannels;
  for (size_t i = 0; i < pass.width; ++i, out += Pixels::kChannels) {
    const TapPlace place = pass.places[i];
    const int32_t* weights = pass.weights + i * pass.stride;
    const uint8_t* pixel = in + size_t{place.first} * Pixels::kChannels;
    Sums sums[kRows];
    for (size_t k = 0; k < place.count; k += Pixels::kTaps) {
      const Weights group = Pixels::weights_of(weights + k);
#pragma GCC unroll 4
      for (size_t r = 0; r < kRows; ++r) {
        const __m256i bytes = _mm256_broadcastsi128_si256(load(pixel + r * pass.in_row_bytes));
        sums[r].add(_mm256_shuffle_epi8(bytes, Pixels::order()), group);
      }
      pixel += Pixels::kTaps * Pixels::kChannels;
    }
    alignas(16) uint32_t pixels[kRows];
    _mm_store_si128(reinterpret_cast<__m128i*>(pixels), Pixels::pixels_of(sums));
    const bool last = i + 1 == pass.width;
#pragma GCC unroll 4
    for (size_t r = 0; r < kRows; ++r) {
      uint8_t* to = out + r * out_row_bytes;
      if (last) {
        __builtin_memcpy(to, &pixels[r], Pixels::kChannels);
      } else {
        __builtin_memcpy(to, &pixels[r], Pixels::kStored);
      }
    }
  }
}

/// What each half of a 32-bit lane weighs: the weights of two rows.
[[gnu::always_inline]] inline Weights weights_of_pair(const int32_t* from) {
  const auto pair = [](int32_t first, int32_t second) {
    return _mm256_set1_epi32(static_cast<int32_t>((static_cast<uint32_t>(first) & 0xffff) |
                                                  static_cast<uint32_t>(second) << 16));
  };
  return {pair(from[0] & kLowMask, from[1] & kLowMask),
          pair(from[0] >> kLowBits, from[1] >> kLowBits)};
}

}  // namespace

uint32_t resample_rows_avx2(const RowPass& pass) {
  // 16 bytes are read at a time, of which one at least belongs to a pixel that has a weight.
  constexpr size_t kBeyond = 16;
  const TapPlace last = pass.places[pass.width - 1];
  const size_t reach = (size_t{last.first} + last.count) * pass.channels + kBeyond;
  uint32_t y = 0;
  for (; y + kRows <= pass.rows; y += kRows) {
    if ((y + kRows - 1) * pass.in_row_bytes + reach > pass.in_bytes) break;
    const uint8_t* in = pass.in + y * pass.in_row_bytes;
    uint8_t* out = pass.out + y * pass.width * pass.channels;
    if (pass.channels == 1) four_rows<Grey>(pass, in, out);
    if (pass.channels == 3) four_rows<Rgb>(pass, in, out);
  }
  return y;
}

size_t resample_columns_avx2(const ColumnPass& pass) {
  constexpr size_t kSamples = 16;
  size_t i = 0;
  for (; i + kSamples <= pass.row_bytes; i += kSamples) {
    Sums left;   // Of the samples 0 to 3 and 8 to 11.
    Sums right;  // Of the others.
    for (uint32_t k = 0; k < pass.rows; k += 2) {
      const uint8_t* upper = pass.in + k * pass.row_bytes + i;
      const uint8_t* lower = k + 1 < pass.rows ? upper + pass.row_bytes : upper;
      const __m256i a = _mm256_cvtepu8_epi16(load(upper));
      const __m256i b = _mm256_cvtepu8_epi16(load(lower));
      const Weights weights = weights_of_pair(pass.weights + k);
      left.add(_mm256_unpacklo_epi16(a, b), weights);
      right.add(_mm256_unpackhi_epi16(a, b), weights);
    }
    const __m256i half = _mm256_set1_epi32(kHalf);
    const __m256i words =
        _mm256_packs_epi32(_mm256_srai_epi32(_mm256_add_epi32(left.whole(), half), kWeightBits),
                           _mm256_srai_epi32(_mm256_add_epi32(right.whole(), half), kWeightBits));
    const __m128i samples =
        _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(pass.out + i), samples);
  }
  return i;
}

}  // namespace safelight::picture_internal

#endif
