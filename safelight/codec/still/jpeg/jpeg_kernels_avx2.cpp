// Compiled with AVX2 and BMI2: see jpeg_kernel_loops.h for what may stand here.
#if defined(__x86_64__)

#include <immintrin.h>

#include "safelight/codec/still/jpeg/jpeg_kernel_loops.h"

namespace safelight::codec {
namespace {

constexpr int32_t pair_of(int16_t low, int16_t high) {
  return static_cast<int32_t>(static_cast<uint32_t>(static_cast<uint16_t>(high)) << 16 |
                              static_cast<uint16_t>(low));
}

/// For the first pass, the weights of two inputs in every lane; for the second, those of outputs 0
/// to 3, even inputs in the lower half and odd ones in the upper.
struct TransformWeights {
  alignas(32) int32_t even[4][2][8];
  alignas(32) int32_t odd[4][2][8];
  alignas(32) int32_t second[2][8];

  constexpr TransformWeights() : even(), odd(), second() {
    for (int r = 0; r < 4; ++r) {
      for (int half = 0; half < 2; ++half) {
        for (int lane = 0; lane < 8; ++lane) {
          even[r][half][lane] = pair_of(kEvenWeights[r][half * 2], kEvenWeights[r][half * 2 + 1]);
          odd[r][half][lane] = pair_of(kOddWeights[r][half * 2], kOddWeights[r][half * 2 + 1]);
        }
        second[half][r] = pair_of(kEvenWeights[r][half * 2], kEvenWeights[r][half * 2 + 1]);
        second[half][r + 4] = pair_of(kOddWeights[r][half * 2], kOddWeights[r][half * 2 + 1]);
      }
    }
  }
};
constexpr TransformWeights kWeights;

__attribute__((always_inline)) inline __m256i load(const void* at) {
  return _mm256_load_si256(static_cast<const __m256i*>(at));
}

/// Eight samples from the first pass's results, given as broadcast pairs of columns: 0 2 | 1 3 and
/// 4 6 | 5 7.
__attribute__((always_inline)) inline __m128i second_pass(__m256i front, __m256i back) {
  const __m256i round =
      _mm256_setr_epi32(1 << (kSecondPassShift - 1), 1 << (kSecondPassShift - 1),
                        1 << (kSecondPassShift - 1), 1 << (kSecondPassShift - 1), 0, 0, 0, 0);
  const __m256i sums =
      _mm256_add_epi32(_mm256_add_epi32(_mm256_madd_epi16(front, load(kWeights.second[0])), round),
                       _mm256_madd_epi16(back, load(kWeights.second[1])));
  const __m128i even = _mm256_castsi256_si128(sums);
  const __m128i odd = _mm256_extracti128_si256(sums, 1);
  const __m128i left = _mm_srai_epi32(_mm_add_epi32(even, odd), kSecondPassShift);
  const __m128i right = _mm_srai_epi32(_mm_sub_epi32(even, odd), kSecondPassShift);
  const __m128i words = _mm_packs_epi32(left, _mm_shuffle_epi32(right, 0x1b));
  return _mm_add_epi8(_mm_packs_epi16(words, words), _mm_set1_epi8(-128));
}

struct Avx2Transform {
  __attribute__((always_inline)) static inline int32_t arrange(const int16_t* in, int16_t* block) {
    constexpr uint32_t kRows[4][2] = {{0, 2}, {4, 6}, {1, 3}, {5, 7}};
    const __m256i even_first = _mm256_setr_epi32(0, 2, 4, 6, 1, 3, 5, 7);
    __m256i largest = _mm256_setzero_si256();
    for (uint32_t pair = 0; pair < 4; ++pair) {
      const __m128i upper =
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(in + 8 * kRows[pair][0]));
      const __m128i lower =
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(in + 8 * kRows[pair][1]));
      const __m256i alternating = _mm256_permutevar8x32_epi32(
          _mm256_set_m128i(_mm_unpackhi_epi16(upper, lower), _mm_unpacklo_epi16(upper, lower)),
          even_first);
      largest = _mm256_max_epu16(largest, _mm256_abs_epi16(alternating));
      _mm256_store_si256(reinterpret_cast<__m256i*>(block + 16 * pair), alternating);
    }
    __m128i most =
        _mm_max_epu16(_mm256_castsi256_si128(largest), _mm256_extracti128_si256(largest, 1));
    // The least of the complements is the complement of the largest.
    most = _mm_minpos_epu16(_mm_xor_si128(most, _mm_set1_epi16(-1)));
    return 0xffff ^ (_mm_cvtsi128_si32(most) & 0xffff);
  }

  __attribute__((always_inline)) static inline bool rows(const int16_t* block,
                                                         const int16_t* quantiser,
                                                         uint32_t needed_rows, uint8_t* out,
                                                         size_t stride_bytes) {
    const __m256i rows02 = _mm256_mullo_epi16(load(block + 0), load(quantiser + 0));
    const __m256i rows46 = _mm256_mullo_epi16(load(block + 16), load(quantiser + 16));
    const __m256i rows13 = _mm256_mullo_epi16(load(block + 32), load(quantiser + 32));
    const __m256i rows57 = _mm256_mullo_epi16(load(block + 48), load(quantiser + 48));
    const __m256i round = _mm256_set1_epi32(1 << (kFirstPassShift - 1));
    __m256i largest = _mm256_setzero_si256();
    for (uint32_t r = 0; r < 4; ++r) {
      const uint32_t need_upper = needed_rows >> r & 1;
      const uint32_t need_lower = needed_rows >> (7 - r) & 1;
      if ((need_upper | need_lower) == 0) continue;
      const __m256i even = _mm256_add_epi32(
          _mm256_add_epi32(_mm256_madd_epi16(rows02, load(kWeights.even[r][0])), round),
          _mm256_madd_epi16(rows46, load(kWeights.even[r][1])));
      const __m256i odd = _mm256_add_epi32(_mm256_madd_epi16(rows13, load(kWeights.odd[r][0])),
                                           _mm256_madd_epi16(rows57, load(kWeights.odd[r][1])));
      const __m256i upper = _mm256_srai_epi32(_mm256_add_epi32(even, odd), kFirstPassShift);
      const __m256i lower = _mm256_srai_epi32(_mm256_sub_epi32(even, odd), kFirstPassShift);
      const __m256i both = _mm256_packs_epi32(upper, lower);
      largest = _mm256_max_epu16(largest, _mm256_abs_epi16(both));
      if (need_upper != 0) {
        _mm_storel_epi64(
            reinterpret_cast<__m128i*>(out + r * stride_bytes),
            second_pass(_mm256_shuffle_epi32(both, 0x00), _mm256_shuffle_epi32(both, 0x55)));
      }
      if (need_lower != 0) {
        _mm_storel_epi64(
            reinterpret_cast<__m128i*>(out + (7 - r) * stride_bytes),
            second_pass(_mm256_shuffle_epi32(both, 0xaa), _mm256_shuffle_epi32(both, 0xff)));
      }
    }
    // An unneeded row's partner may be out of range in vain; the whole picture is then decoded the
    // plain way, to the same result.
    const __m256i over = _mm256_andnot_si256(_mm256_set1_epi16(kMaxFirstPass), largest);
    return _mm256_testz_si256(over, over) != 0;
  }
};

/// near_weight * near + far_weight * far, for a whole row.
void blend_rows(const uint8_t* near_row, const uint8_t* far_row, const JpegTriangle& triangle) {
  const __m256i near_weight = _mm256_set1_epi16(static_cast<int16_t>(triangle.near_weight));
  const __m256i far_weight = _mm256_set1_epi16(static_cast<int16_t>(triangle.far_weight));
  for (size_t x = 0; x < triangle.width; x += 16) {
    const __m256i near_samples =
        _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(near_row + x)));
    const __m256i far_samples =
        _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(far_row + x)));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(triangle.blended + x),
                        _mm256_add_epi16(_mm256_mullo_epi16(near_samples, near_weight),
                                         _mm256_mullo_epi16(far_samples, far_weight)));
  }
}

void upsample(const uint8_t* near_row, const uint8_t* far_row, const JpegTriangle& triangle,
              size_t count, uint8_t* out) {
  blend_rows(near_row, far_row, triangle);
  // The neighbours are fetched for a run of outputs before any is weighted: reading back at once
  // what was written in parts would stall.
  constexpr size_t kRun = 128;
  alignas(32) uint32_t neighbours[kRun];
  for (size_t begin = 0; begin < count; begin += kRun) {
    const size_t run = count - begin < kRun ? count - begin : kRun;
    const uint32_t* left = triangle.left + begin;
    for (size_t i = 0; i < run; i += 4) {
      for (size_t j = i; j < i + 4; ++j) {
        __builtin_memcpy(&neighbours[j], triangle.blended + left[j], sizeof neighbours[j]);
      }
    }
    for (size_t i = 0; i < run; i += 16) {
      const auto weigh = [&](size_t at) __attribute__((always_inline)) {
        const __m256i weights =
            _mm256_loadu_si256(reinterpret_cast<const __m256i*>(triangle.weights + begin + at));
        return _mm256_madd_epi16(load(neighbours + at), weights);
      };
      const __m256i sums =
          _mm256_permute4x64_epi64(_mm256_packus_epi32(weigh(i), weigh(i + 8)), 0xd8);
      const __m256i bias =
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(triangle.bias + begin + i));
      const __m256i samples = _mm256_srli_epi16(_mm256_add_epi16(sums, bias), 4);
      _mm_storeu_si128(
          reinterpret_cast<__m128i*>(out + begin + i),
          _mm_packus_epi16(_mm256_castsi256_si128(samples), _mm256_extracti128_si256(samples, 1)));
    }
  }
}

/// Which byte of one colour goes where in three vectors of red, green, blue triples.
struct InterleaveShuffles {
  alignas(16) uint8_t of[3][3][16];  ///< [colour][vector][byte]
  constexpr InterleaveShuffles() : of() {
    for (int byte = 0; byte < 48; ++byte) {
      for (int colour = 0; colour < 3; ++colour) {
        of[colour][byte / 16][byte % 16] =
            byte % 3 == colour ? static_cast<uint8_t>(byte / 3) : uint8_t{0x80};
      }
    }
  }
};
constexpr InterleaveShuffles kInterleave;

void ycc_to_rgb(const uint8_t* y, const uint8_t* cb, const uint8_t* cr, size_t count,
                uint8_t* rgb) {
  const __m256i middle = _mm256_set1_epi16(128);
  const __m256i one = _mm256_set1_epi16(1);
  // 1.402 - 1, 1.772 - 2, -0.34414 and 1 - 0.71414 with 16 fraction bits.
  const __m256i cr_to_red = _mm256_set1_epi16(26345);
  const __m256i cb_to_blue = _mm256_set1_epi16(-14942);
  const __m256i chroma_to_green = _mm256_set1_epi32(pair_of(-22554, 18734));
  const __m256i half = _mm256_set1_epi32(32768);
  const auto widen = [](const uint8_t* at) __attribute__((always_inline)) {
    return _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)));
  };
  const auto narrow = [](__m256i words) __attribute__((always_inline)) {
    return _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
  };
  // (f * x + 1/2) rounded down, from the upper half of 2 f x: rounding down twice is rounding down
  // once.
  const auto scaled = [&](__m256i x, __m256i factor) __attribute__((always_inline)) {
    const __m256i doubled = _mm256_mulhi_epi16(_mm256_add_epi16(x, x), factor);
    return _mm256_srai_epi16(_mm256_add_epi16(doubled, one), 1);
  };
  for (size_t i = 0; i < count; i += 16, rgb += 48) {
    const __m256i luma = widen(y + i);
    const __m256i blue = _mm256_sub_epi16(widen(cb + i), middle);
    const __m256i red = _mm256_sub_epi16(widen(cr + i), middle);
    const __m256i r = _mm256_add_epi16(_mm256_add_epi16(luma, red), scaled(red, cr_to_red));
    const __m256i b = _mm256_add_epi16(_mm256_add_epi16(luma, _mm256_add_epi16(blue, blue)),
                                       scaled(blue, cb_to_blue));
    const __m256i low = _mm256_srai_epi32(
        _mm256_add_epi32(_mm256_madd_epi16(_mm256_unpacklo_epi16(blue, red), chroma_to_green),
                         half),
        16);
    const __m256i high = _mm256_srai_epi32(
        _mm256_add_epi32(_mm256_madd_epi16(_mm256_unpackhi_epi16(blue, red), chroma_to_green),
                         half),
        16);
    const __m256i g = _mm256_add_epi16(_mm256_sub_epi16(luma, red), _mm256_packs_epi32(low, high));
    const __m128i colours[3] = {narrow(r), narrow(g), narrow(b)};
    for (int part = 0; part < 3; ++part) {
      __m128i triples = _mm_setzero_si128();
      for (int colour = 0; colour < 3; ++colour) {
        const __m128i shuffle =
            _mm_load_si128(reinterpret_cast<const __m128i*>(kInterleave.of[colour][part]));
        triples = _mm_or_si128(triples, _mm_shuffle_epi8(colours[colour], shuffle));
      }
      _mm_storeu_si128(reinterpret_cast<__m128i*>(rgb + 16 * part), triples);
    }
  }
}

}  // namespace

const JpegKernels kJpegKernelsAvx2 = {decode_mcus<Avx2Transform>, transform_row<Avx2Transform>,
                                      pick, upsample, ycc_to_rgb};

}  // namespace safelight::codec

#endif
