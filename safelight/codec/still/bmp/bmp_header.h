#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "safelight/base/result.h"

namespace safelight::codec {

enum class BmpPacking : uint8_t { none, rle8, rle4, jpeg, png };

/// The bits of a pixel that hold one colour.
struct BmpMask {
  uint32_t bits = 0;   ///< As stored in the file.
  uint32_t shift = 0;  ///< Of its lowest bit.
  uint32_t width = 0;  ///< In bits, 0 to 32.
};

/// What the headers of a BMP file say.
struct BmpHeader {
  uint32_t width = 0;
  uint32_t height = 0;
  bool top_down = false;
  uint32_t bits_per_pixel = 0;  ///< 1, 2, 4, 8 (through the palette), 16, 24 or 32.
  BmpPacking packing = BmpPacking::none;
  std::array<BmpMask, 3> masks{};  ///< Red, green, blue, for 16 and 32 bits.
  /// Red, green, blue. An index beyond its end is entry 0.
  std::vector<std::array<uint8_t, 3>> palette;
  uint64_t data_offset_bytes = 0;
  uint64_t data_bytes = 0;  ///< Of packed data, as stated; 0 where that is not stated.
  uint64_t end_bytes = 0;   ///< Where packed data, or a profile, ends; 0 where there is neither.

  /// Bytes of a row that is not packed.
  [[nodiscard]] uint64_t row_bytes() const {
    return (uint64_t{width} * bits_per_pixel + 31) / 32 * 4;
  }
};

/// Where the size stands, for errors about it.
inline constexpr uint64_t kBmpSizeOffset = 18;

/// Reads the headers and the palette. Errors: truncated; malformed; unsupported for other depths
/// and packings (OS/2's Huffman and 24-bit run lengths, for printers CMYK). Source: Microsoft,
/// Bitmap Storage; OS/2 Presentation Manager, bitmap files.
Result<BmpHeader> read_bmp_header(std::span<const std::byte> file);

}  // namespace safelight::codec
