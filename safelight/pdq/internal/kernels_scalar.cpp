#include <algorithm>
#include <cmath>

#include "safelight/pdq/internal/kernels.h"
#include "safelight/pdq/internal/lanes.h"

namespace safelight::pdq::internal {
namespace {

struct ScalarLanes {
  using V = float;
  static constexpr uint32_t kLanes = 1;
  static V zero() { return 0.0f; }
  static V set(float value) { return value; }
  static V load(const float* from) { return *from; }
  static void store(float* to, V value) { *to = value; }
  static V add(V a, V b) { return a + b; }
  static V sub(V a, V b) { return a - b; }
  static V mul(V a, V b) { return a * b; }
  static V true_divide(V a, V b) { return a / b; }
  static V divide(V a, const DivideBy<ScalarLanes>& by) { return a / by.count; }
  static V truncate(V a) { return std::trunc(a); }
  static V absolute(V a) { return std::fabs(a); }
  static float sum(V a) { return a; }
  static void load_columns(const float* in, size_t, V (&columns)[kOctet]) {
    for (uint32_t k = 0; k < kOctet; ++k) columns[k] = in[k];
  }
  static void store_columns(const V (&columns)[kOctet], float* out, size_t) {
    for (uint32_t k = 0; k < kOctet; ++k) out[k] = columns[k];
  }
};

void luma_reference(const uint8_t* rgb, size_t count, float* luma) {
  for (size_t i = 0; i < count; ++i, rgb += 3) {
    luma[i] = 0.299f * static_cast<float>(rgb[0]) + 0.587f * static_cast<float>(rgb[1]) +
              0.114f * static_cast<float>(rgb[2]);
  }
}

void luma_full(const uint8_t* rgb, size_t count, float* luma) {
  for (size_t i = 0; i < count; ++i, rgb += 3) {
    luma[i] = static_cast<float>(299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2]) / 1000.0f;
  }
}

void luma_grey(const uint8_t* grey, size_t count, float* luma) {
  for (size_t i = 0; i < count; ++i) luma[i] = static_cast<float>(grey[i]);
}

void above_median(const float* terms, uint16_t rows[4][kTerms]) {
  for (uint32_t pattern = 0; pattern < 4; ++pattern) {
    float flipped[kTerms * kTerms];
    for (uint32_t i = 0; i < kTerms; ++i) {
      for (uint32_t j = 0; j < kTerms; ++j) {
        const bool negate = (pattern == 1 && j % 2 == 0) || (pattern == 2 && i % 2 == 0) ||
                            (pattern == 3 && (i + j) % 2 == 1);
        const float term = terms[i * kTerms + j];
        flipped[i * kTerms + j] = negate ? -term : term;
      }
    }
    float sorted[kTerms * kTerms];
    std::copy_n(flipped, kTerms * kTerms, sorted);
    float* const middle = sorted + kTerms * kTerms / 2 - 1;
    std::nth_element(sorted, middle, sorted + kTerms * kTerms);
    for (uint32_t i = 0; i < kTerms; ++i) {
      uint32_t bits = 0;
      for (uint32_t j = 0; j < kTerms; ++j) {
        if (flipped[i * kTerms + j] > *middle) bits |= 1u << j;
      }
      rows[pattern][i] = static_cast<uint16_t>(bits);
    }
  }
}

}  // namespace

const Kernels& scalar_kernels() {
  static constexpr Kernels kKernels = {
      luma_reference,
      luma_full,
      luma_grey,
      filter_rows<ScalarLanes>,
      filter_columns<ScalarLanes>,
      filter_grid<ScalarLanes>,
      quality<ScalarLanes>,
      transform<ScalarLanes>,
      above_median,
  };
  return kKernels;
}

}  // namespace safelight::pdq::internal
