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
};

}  // namespace

const Kernels kAvx512Kernels = kKernelsOf<Avx512Ops>;

}  // namespace safelight::index_internal
#endif
