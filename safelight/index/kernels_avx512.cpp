#include "safelight/index/internal/plane_filter.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace safelight::index_internal {
namespace {

struct Avx512Ops {
  using Vec = __m512i;
  static constexpr size_t kWords = 8;
  static Vec load(const uint64_t* from) { return _mm512_load_si512(from); }
  static void store(uint64_t* to, Vec a) { _mm512_store_si512(to, a); }
  static uint64_t store_inverse(uint64_t* to, Vec a) {
    const Vec ones = _mm512_set1_epi64(-1);
    _mm512_storeu_si512(to, _mm512_xor_si512(a, ones));
    return _mm512_cmpneq_epi64_mask(a, ones);
  }
  // The immediates are truth tables: bit 4 a + 2 b + c.
  static Vec sum(Vec a, Vec b, Vec c) { return _mm512_ternarylogic_epi64(a, b, c, 0x96); }
  static Vec carry(Vec a, Vec b, Vec c) { return _mm512_ternarylogic_epi64(a, b, c, 0xe8); }
  static Vec both(Vec a, Vec b) { return _mm512_and_si512(a, b); }
  static Vec flipped(Vec a, uint64_t flip) {
    return _mm512_xor_si512(a, _mm512_set1_epi64(static_cast<int64_t>(flip)));
  }
  static Vec any(Vec a, Vec b, Vec c) { return _mm512_ternarylogic_epi64(a, b, c, 0xfe); }
  template <size_t kVariant>
  static Vec column(Vec a, Vec b, Vec c) {
    constexpr int kEqual = (kVariant & 1 ? 4 : 0) | (kVariant & 2) | (kVariant & 4 ? 1 : 0);
    return _mm512_ternarylogic_epi64(a, b, c, 0xff & ~(1 << kEqual));
  }
  static uint32_t distance(const uint64_t* a, const uint64_t* b) {
    const __m256i differing =
        _mm256_xor_si256(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(a)),
                         _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b)));
    const __m256i counts = _mm256_popcnt_epi64(differing);
    const __m128i pair =
        _mm_add_epi64(_mm256_castsi256_si128(counts), _mm256_extracti128_si256(counts, 1));
    return static_cast<uint32_t>(_mm_cvtsi128_si64(pair) + _mm_extract_epi64(pair, 1));
  }
  static uint32_t near_of_8(const uint64_t* rows, const uint64_t* query, uint32_t radius_bits,
                            uint16_t* distances) {
    const __m512i both_queries =
        _mm512_broadcast_i64x4(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(query)));
    __m512i counts = _mm512_setzero_si512();
    // The counts of row 2 i + h go to the 16-bit part i of the words of half h.
    counts = with_counts<0>(counts, rows, both_queries);
    counts = with_counts<1>(counts, rows, both_queries);
    counts = with_counts<2>(counts, rows, both_queries);
    counts = with_counts<3>(counts, rows, both_queries);
    counts = _mm512_add_epi64(counts, _mm512_permutex_epi64(counts, 0xb1));
    counts = _mm512_add_epi64(counts, _mm512_permutex_epi64(counts, 0x4e));
    const __m128i even = _mm512_castsi512_si128(counts);
    const __m128i odd = _mm512_extracti64x2_epi64(counts, 2);
    const __m128i all = _mm_unpacklo_epi16(even, odd);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(distances), all);
    return _mm_cmple_epu16_mask(all, _mm_set1_epi16(static_cast<int16_t>(radius_bits)));
  }

 private:
  template <unsigned kPair>
  static __m512i with_counts(__m512i counts, const uint64_t* rows, __m512i both_queries) {
    const __m512i differing =
        _mm512_xor_si512(_mm512_loadu_si512(rows + kPair * 2 * kRowWords), both_queries);
    return _mm512_add_epi64(counts, _mm512_slli_epi64(_mm512_popcnt_epi64(differing), 16 * kPair));
  }
};

}  // namespace

const Kernels kAvx512Kernels = kKernelsOf<Avx512Ops>;

}  // namespace safelight::index_internal
#endif
