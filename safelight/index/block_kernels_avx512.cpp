#include "safelight/index/internal/block_loops.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace safelight::index_internal {
namespace {

struct Avx512BlockOps {
  static uint32_t popcount(uint64_t word) {
    return static_cast<uint32_t>(__builtin_popcountll(word));
  }

  static uint64_t extract(uint64_t word, uint64_t mask) { return _pext_u64(word, mask); }
};

/// Moves the rows that pass together without a branch on how many those are: anybody's guess.
size_t pass(const EntryRun* runs, size_t count, uint32_t row_bits, uint32_t tag, uint32_t* out) {
  const __m512i tags = _mm512_set1_epi32(static_cast<int>(tag));
  const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(row_bits));
  const __m512i row_mask =
      _mm512_set1_epi32(static_cast<int>(_bzhi_u64(~uint64_t{0}, row_bits) & 0xffff'ffff));
  uint32_t* next = out;
  for (size_t i = 0; i < count; ++i) {
    const uint32_t* entries = runs[i].entries;
    const __m512i budget = _mm512_set1_epi32(static_cast<int>(runs[i].budget_bits));
    uint32_t left = runs[i].count;
    do {
      const auto present = static_cast<__mmask16>(_bzhi_u32(0xffff, left < 16 ? left : 16));
      const __m512i some = _mm512_maskz_loadu_epi32(present, entries);
      const __m512i differing = _mm512_xor_si512(_mm512_srl_epi32(some, shift), tags);
      const __mmask16 passing =
          _mm512_mask_cmple_epu32_mask(present, _mm512_popcnt_epi32(differing), budget);
      _mm512_storeu_si512(next,
                          _mm512_maskz_compress_epi32(passing, _mm512_and_si512(some, row_mask)));
      next += __builtin_popcount(passing);
      entries += 16;
      left = left > 16 ? left - 16 : 0;
    } while (left != 0);
  }
  return static_cast<size_t>(next - out);
}

}  // namespace

const BlockKernels kAvx512BlockKernels = {&pass, &BlockLoops<Avx512BlockOps>::compare_low,
                                          &BlockLoops<Avx512BlockOps>::compare_high,
                                          &BlockLoops<Avx512BlockOps>::keys};

}  // namespace safelight::index_internal
#endif
