#include "safelight/pdq/internal/kernels.h"

namespace safelight::pdq::internal {

const Kernels& kernels_for(SimdLevel level) {
#if defined(__x86_64__)
  if (level == SimdLevel::avx512) return avx512_kernels();
  if (level == SimdLevel::avx2) return avx2_kernels();
#else
  static_cast<void>(level);
#endif
  return scalar_kernels();
}

}  // namespace safelight::pdq::internal
