#include "safelight/index/internal/block_loops.h"

namespace safelight::index_internal {
namespace {

struct ScalarBlockOps {
  static constexpr uint32_t kEntries = 32;
  static uint32_t passing(const uint32_t* entries, uint32_t count, uint32_t row_bits, uint32_t tag,
                          uint32_t budget_bits) {
    uint32_t mask = 0;
    for (uint32_t i = 0; i < count; ++i) {
      const auto entry_tag = static_cast<uint32_t>(uint64_t{entries[i]} >> row_bits);
      // Bits set of a byte (H. Warren, "Hacker's Delight", 2nd edition, section 5-1).
      uint32_t bits = entry_tag ^ tag;
      bits -= bits >> 1 & 0x55;
      bits = (bits & 0x33) + (bits >> 2 & 0x33);
      bits = (bits + (bits >> 4)) & 0x0f;
      mask |= (bits <= budget_bits ? 1u : 0u) << i;
    }
    return mask;
  }

  static uint32_t popcount(uint64_t word) {
    return static_cast<uint32_t>(__builtin_popcountll(word));
  }

  static uint64_t extract(uint64_t word, uint64_t mask) {
    uint64_t bits = 0;
    for (uint32_t to = 0; mask != 0; mask &= mask - 1, ++to) {
      bits |= (word >> __builtin_ctzll(mask) & 1) << to;
    }
    return bits;
  }
};

}  // namespace

const BlockKernels kScalarBlockKernels = kBlockKernelsOf<ScalarBlockOps>;

const BlockKernels& block_kernels_of(SimdLevel level) {
#if defined(__x86_64__)
  if (level == SimdLevel::avx512) return kAvx512BlockKernels;
  if (level == SimdLevel::avx2) return kAvx2BlockKernels;
#endif
  return kScalarBlockKernels;
}

}  // namespace safelight::index_internal
