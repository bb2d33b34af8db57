#include "safelight/index/internal/plane_filter.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace safelight::index_internal {
namespace {

struct Avx2Ops {
  using Vec = __m256i;
  static constexpr size_t kWords = 4;
  static Vec load(const uint64_t* from) {
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(from));
  }
  static void store(uint64_t* to, Vec a) { _mm256_store_si256(reinterpret_cast<__m256i*>(to), a); }
  static uint64_t store_inverse(uint64_t* to, Vec a) {
    const Vec ones = _mm256_set1_epi64x(-1);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm256_xor_si256(a, ones));
    return _mm256_testc_si256(a, ones) ? 0 : 1;
  }
  static Vec sum(Vec a, Vec b, Vec c) { return _mm256_xor_si256(_mm256_xor_si256(a, b), c); }
  static Vec carry(Vec a, Vec b, Vec c) {
    return _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(_mm256_xor_si256(a, b), c));
  }
  static Vec both(Vec a, Vec b) { return _mm256_and_si256(a, b); }
  static Vec flipped(Vec a, uint64_t flip) {
    return _mm256_xor_si256(a, _mm256_set1_epi64x(static_cast<int64_t>(flip)));
  }
  static Vec any(Vec a, Vec b, Vec c) { return _mm256_or_si256(_mm256_or_si256(a, b), c); }
  template <size_t kVariant>
  static Vec column(Vec a, Vec b, Vec c) {
    return any(flipped(a, kVariant & 1 ? ~uint64_t{0} : 0),
               flipped(b, kVariant & 2 ? ~uint64_t{0} : 0),
               flipped(c, kVariant & 4 ? ~uint64_t{0} : 0));
  }
  static uint32_t distance(const uint64_t* a, const uint64_t* b) {
    int bits = 0;
    for (size_t i = 0; i < kRowWords; ++i) bits += __builtin_popcountll(a[i] ^ b[i]);
    return static_cast<uint32_t>(bits);
  }
  static uint32_t near_of_8(const uint64_t* rows, const uint64_t* query, uint32_t radius_bits,
                            uint16_t* distances) {
    return near_one_by_one<Avx2Ops>(rows, query, radius_bits, distances);
  }
};

}  // namespace

const Kernels kAvx2Kernels = kKernelsOf<Avx2Ops>;

}  // namespace safelight::index_internal
#endif
