#include "safelight/index/internal/block_loops.h"

namespace safelight::index_internal {
namespace {

struct ScalarBlockOps {
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
