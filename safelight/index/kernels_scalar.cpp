#include "safelight/index/internal/plane_filter.h"

namespace safelight::index_internal {
namespace {

struct ScalarOps {
  using Vec = uint64_t;
  static constexpr size_t kWords = 1;
  static Vec load(const uint64_t* from) { return *from; }
  static void store(uint64_t* to, Vec a) { *to = a; }
  static uint64_t store_inverse(uint64_t* to, Vec a) { return *to = ~a; }
  static Vec sum(Vec a, Vec b, Vec c) { return a ^ b ^ c; }
  static Vec carry(Vec a, Vec b, Vec c) { return (a & b) | ((a ^ b) & c); }
  static Vec both(Vec a, Vec b) { return a & b; }
  static Vec flipped(Vec a, uint64_t flip) { return a ^ flip; }
  static Vec any(Vec a, Vec b, Vec c) { return a | b | c; }
  template <size_t kVariant>
  static Vec column(Vec a, Vec b, Vec c) {
    return any(kVariant & 1 ? ~a : a, kVariant & 2 ? ~b : b, kVariant & 4 ? ~c : c);
  }
  static uint32_t distance(const uint64_t* a, const uint64_t* b) {
    int bits = 0;
    for (size_t i = 0; i < kRowWords; ++i) bits += __builtin_popcountll(a[i] ^ b[i]);
    return static_cast<uint32_t>(bits);
  }
  static uint32_t near_of_8(const uint64_t* rows, const uint64_t* query, uint32_t radius_bits,
                            uint16_t* distances) {
    return near_one_by_one<ScalarOps>(rows, query, radius_bits, distances);
  }
};

}  // namespace

const Kernels kScalarKernels = kKernelsOf<ScalarOps>;

const Kernels& kernels_of(SimdLevel level) {
#if defined(__x86_64__)
  if (level == SimdLevel::avx512) return kAvx512Kernels;
  if (level == SimdLevel::avx2) return kAvx2Kernels;
#endif
  return kScalarKernels;
}

}  // namespace safelight::index_internal
