#include "safelight/codec/still/jpeg/jpeg_kernels.h"

#include "safelight/codec/still/jpeg/jpeg_kernel_loops.h"

namespace safelight::codec {
namespace {

int32_t weighted(const int16_t weights[4], const int32_t in[4]) {
  return weights[0] * in[0] + weights[1] * in[1] + weights[2] * in[2] + weights[3] * in[3];
}

uint8_t clamp_sample(int32_t value) {
  return static_cast<uint8_t>(value < 0 ? 0 : value > 255 ? 255 : value);
}

struct ScalarTransform {
  static int32_t arrange(const int16_t* in, int16_t* block) {
    int32_t largest = 0;
    for (uint32_t v = 0; v < 8; ++v) {
      for (uint32_t u = 0; u < 8; ++u) {
        const int32_t value = in[v * 8 + u];
        const int32_t magnitude = value < 0 ? -value : value;
        if (magnitude > largest) largest = magnitude;
        block[block_place(v, u)] = static_cast<int16_t>(value);
      }
    }
    return largest;
  }

  /// Both rows that share their even and odd sums are made in `first_pass`, columns as they stand
  /// in the block.
  static void first_pass(const int32_t* block, uint32_t r, int32_t upper[8], int32_t lower[8]) {
    for (uint32_t column = 0; column < 8; ++column) {
      const int32_t* in = block + size_t{2} * column;
      const int32_t even[4] = {in[0], in[1], in[16], in[17]};
      const int32_t odd[4] = {in[32], in[33], in[48], in[49]};
      const int32_t e = weighted(kEvenWeights[r], even) + (1 << (kFirstPassShift - 1));
      const int32_t o = weighted(kOddWeights[r], odd);
      upper[column] = (e + o) >> kFirstPassShift;
      lower[column] = (e - o) >> kFirstPassShift;
    }
  }

  static bool second_pass(const int32_t row[8], uint8_t* out) {
    for (uint32_t column = 0; column < 8; ++column) {
      if (row[column] > kMaxFirstPass || row[column] < -kMaxFirstPass) return false;
    }
    for (uint32_t i = 0; i < 4; ++i) {
      const int32_t e = weighted(kEvenWeights[i], row) + (1 << (kSecondPassShift - 1));
      const int32_t o = weighted(kOddWeights[i], row + 4);
      out[i] = clamp_sample(((e + o) >> kSecondPassShift) + 128);
      out[7 - i] = clamp_sample(((e - o) >> kSecondPassShift) + 128);
    }
    return true;
  }

  static bool rows(const int16_t* block, const int16_t* quantiser, uint32_t needed_rows,
                   uint8_t* out, size_t stride_bytes) {
    int32_t dequantised[64];
    for (uint32_t i = 0; i < 64; ++i) dequantised[i] = block[i] * quantiser[i];
    bool good = true;
    for (uint32_t r = 0; r < 4; ++r) {
      const bool need_upper = (needed_rows >> r & 1) != 0;
      const bool need_lower = (needed_rows >> (7 - r) & 1) != 0;
      if (!need_upper && !need_lower) continue;
      int32_t upper[8];
      int32_t lower[8];
      first_pass(dequantised, r, upper, lower);
      if (need_upper) good &= second_pass(upper, out + r * stride_bytes);
      if (need_lower) good &= second_pass(lower, out + (7 - r) * stride_bytes);
    }
    return good;
  }
};

void upsample(const uint8_t* near_row, const uint8_t* far_row, const JpegTriangle& triangle,
              size_t count, uint8_t* out) {
  for (size_t i = 0; i < count; ++i) {
    const uint32_t left = triangle.left[i];
    const auto blended = [&](uint32_t column) {
      return uint32_t{near_row[column]} * triangle.near_weight +
             uint32_t{far_row[column]} * triangle.far_weight;
    };
    const uint32_t weights = triangle.weights[i];
    const uint32_t sum = blended(left) * (weights & 0xffff) + blended(left + 1) * (weights >> 16);
    out[i] = static_cast<uint8_t>((sum + triangle.bias[i]) >> 4);
  }
}

void ycc_to_rgb(const uint8_t* y, const uint8_t* cb, const uint8_t* cr, size_t count,
                uint8_t* rgb) {
  // 1.402, 0.34414, 0.71414 and 1.772 with 16 fraction bits. Source: JFIF 1.02, rounded as libjpeg.
  constexpr int32_t kCrToRed = 91881;
  constexpr int32_t kCbToGreen = -22554;
  constexpr int32_t kCrToGreen = -46802;
  constexpr int32_t kCbToBlue = 116130;
  constexpr int32_t kHalf = 32768;
  for (size_t i = 0; i < count; ++i) {
    const int32_t blue_chroma = cb[i] - 128;
    const int32_t red_chroma = cr[i] - 128;
    rgb[3 * i] = clamp_sample(y[i] + ((kCrToRed * red_chroma + kHalf) >> 16));
    rgb[3 * i + 1] =
        clamp_sample(y[i] + ((kCbToGreen * blue_chroma + kCrToGreen * red_chroma + kHalf) >> 16));
    rgb[3 * i + 2] = clamp_sample(y[i] + ((kCbToBlue * blue_chroma + kHalf) >> 16));
  }
}

}  // namespace

const JpegKernels kJpegKernelsScalar = {decode_mcus<ScalarTransform>,
                                        transform_row<ScalarTransform>, pick, upsample, ycc_to_rgb};

const JpegKernels& jpeg_kernels(SimdLevel level) {
#if defined(__x86_64__)
  // AVX-512 brings nothing here: the time goes into entropy decoding.
  if (level >= SimdLevel::avx2) return kJpegKernelsAvx2;
#else
  static_cast<void>(level);
#endif
  return kJpegKernelsScalar;
}

}  // namespace safelight::codec
