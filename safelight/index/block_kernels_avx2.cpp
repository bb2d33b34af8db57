#include "safelight/index/internal/block_loops.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace safelight::index_internal {
namespace {

struct Avx2BlockOps {
  static uint32_t popcount(uint64_t word) {
    return static_cast<uint32_t>(__builtin_popcountll(word));
  }

  static uint64_t extract(uint64_t word, uint64_t mask) { return _pext_u64(word, mask); }
};

}  // namespace

const BlockKernels kAvx2BlockKernels = kBlockKernelsOf<Avx2BlockOps>;

}  // namespace safelight::index_internal
#endif
