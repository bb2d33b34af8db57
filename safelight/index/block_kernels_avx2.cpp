#include "safelight/index/internal/block_loops.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace safelight::index_internal {
namespace {

struct Avx2BlockOps {
  static constexpr uint32_t kEntries = 8;
  static uint32_t passing(const uint32_t* entries, uint32_t count, uint32_t row_bits, uint32_t tag,
                          uint32_t budget_bits) {
    const __m256i places = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i present = _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)), places);
    const __m256i some = _mm256_maskload_epi32(reinterpret_cast<const int*>(entries), present);
    const __m256i tags = _mm256_srl_epi32(some, _mm_cvtsi32_si128(static_cast<int>(row_bits)));
    const __m256i differing = _mm256_xor_si256(tags, _mm256_set1_epi32(static_cast<int>(tag)));
    const __m256i counts = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,  //
                                            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    const __m256i low = _mm256_set1_epi8(0x0f);
    // A tag has one byte: the counts of the other three are of no bits.
    const __m256i bits = _mm256_add_epi8(
        _mm256_shuffle_epi8(counts, _mm256_and_si256(differing, low)),
        _mm256_shuffle_epi8(counts, _mm256_and_si256(_mm256_srli_epi16(differing, 4), low)));
    const __m256i over = _mm256_cmpgt_epi32(bits, _mm256_set1_epi32(static_cast<int>(budget_bits)));
    return static_cast<uint32_t>(
        _mm256_movemask_ps(_mm256_castsi256_ps(_mm256_andnot_si256(over, present))));
  }

  static uint32_t popcount(uint64_t word) {
    return static_cast<uint32_t>(__builtin_popcountll(word));
  }

  static uint64_t extract(uint64_t word, uint64_t mask) { return _pext_u64(word, mask); }
};

}  // namespace

const BlockKernels kAvx2BlockKernels = kBlockKernelsOf<Avx2BlockOps>;

}  // namespace safelight::index_internal
#endif
