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

/// The line of cache that a byte lies in.
const __m512i* line_of(const uint8_t* byte) {
  return reinterpret_cast<const __m512i*>(reinterpret_cast<uintptr_t>(byte) & ~uintptr_t{63});
}

/// Eight entries at a time: each is moved to 64 bits of its own.
size_t scan(const PartEntries& part, const EntryRun* runs, size_t count, uint32_t check,
            uint32_t* out) {
  const uint32_t entry_bytes = part.entry_bytes;
  alignas(64) uint8_t places[64];
  __mmask64 used = 0;
  for (uint32_t i = 0; i < 64; ++i) {
    const uint32_t byte = i % 8;
    places[i] = static_cast<uint8_t>(i / 8 * entry_bytes + byte);
    used |= static_cast<__mmask64>(byte < entry_bytes) << i;
  }
  const __m512i spread = _mm512_load_si512(places);
  const __m512i checks = _mm512_set1_epi64(static_cast<int64_t>(check));
  const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(part.row_bits));
  const __m256i row_mask =
      _mm256_set1_epi32(static_cast<int>(_bzhi_u64(~uint64_t{0}, part.row_bits) & 0xffff'ffff));
  uint32_t* next = out;
  for (size_t i = 0; i < count; ++i) {
    const uint8_t* at = part.entries + size_t{runs[i].first} * entry_bytes;
    const __m512i budget = _mm512_set1_epi64(runs[i].budget_bits);
    uint32_t left = runs[i].count;
    do {
      const uint32_t some = left < 8 ? left : 8;
      const auto present = static_cast<__mmask8>(_bzhi_u32(0xff, some));
      // The one or two lines that the entries lie in, and no other: a load from where they begin
      // would wait for the line behind them, masked or not, which was not fetched.
      const __m512i* const first = line_of(at);
      const __m512i* const last = line_of(at + some * entry_bytes - 1);
      const __m512i from = _mm512_add_epi8(
          spread,
          _mm512_set1_epi8(static_cast<char>(at - reinterpret_cast<const uint8_t*>(first))));
      const __m512i entries = _mm512_maskz_permutex2var_epi8(used, _mm512_load_si512(first), from,
                                                             _mm512_load_si512(last));
      const __m512i differing = _mm512_xor_si512(_mm512_srl_epi64(entries, shift), checks);
      const __mmask8 passing =
          _mm512_mask_cmple_epu64_mask(present, _mm512_popcnt_epi64(differing), budget);
      const __m256i rows = _mm256_and_si256(_mm512_cvtepi64_epi32(entries), row_mask);
      // Without a branch on how many those are: anybody's guess.
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(next),
                          _mm256_maskz_compress_epi32(passing, rows));
      next += __builtin_popcount(passing);
      at += 8 * entry_bytes;
      left -= some;
    } while (left != 0);
  }
  return static_cast<size_t>(next - out);
}

}  // namespace

const BlockKernels kAvx512BlockKernels = {
    &BlockLoops<Avx512BlockOps>::open, &scan, &BlockLoops<Avx512BlockOps>::compare_low,
    &BlockLoops<Avx512BlockOps>::compare_high, &BlockLoops<Avx512BlockOps>::keys};

}  // namespace safelight::index_internal
#endif
