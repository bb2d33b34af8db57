#pragma once

#include <cstdint>

#include "safelight/base/simd.h"
#include "safelight/picture/picture.h"

namespace safelight {

/// How a pixel is made of those around it. Where a picture is reduced, the kernel is widened by the
/// factor, so that nothing aliases.
enum class Kernel : uint8_t {
  bilinear,  ///< A triangle, 1 pixel to each side.
  bicubic,   ///< Cubic convolution with a = -0.5, 2 pixels to each side.
  lanczos,   ///< A sinc windowed by its own lobe, 3 pixels to each side.
};

/// The picture in `width` x `height` pixels, neither of them 0: the samples that Pillow's
/// Image.resize() gives, which most models were trained behind (first along rows, then along
/// columns, rounded to 8 bits after each; weights in 22 bits). 1 or 3 channels, each alone.
/// Source: src/libImaging/Resample.c of Pillow.
Picture resample(const Picture& picture, uint32_t width, uint32_t height, Kernel kernel);

/// A rectangle of pixels.
struct PicturePart {
  uint32_t left = 0;
  uint32_t top = 0;
  uint32_t width = 0;
  uint32_t height = 0;
};

/// That part of what resample() gives, neither side of it 0, without the cost of the rest. Each
/// `level`, which the processor must have, gives the same samples.
Picture resample_part(const Picture& picture, uint32_t width, uint32_t height, Kernel kernel,
                      const PicturePart& part, SimdLevel level = detect_simd_level());

}  // namespace safelight
