#pragma once

#include <cstddef>
#include <cstdint>

#include "safelight/base/simd.h"

namespace safelight::codec {

// The inner loops of the sparse decoder, once for each instruction set. The structures are plain
// pointers and numbers, because the loops are compiled with instructions that not every processor
// has, and nothing shared with other translation units (an inline function of a library, say) may
// be compiled there.

struct AcLookup;
struct DcLookup;

/// Dequantised coefficients beyond this are left to libjpeg-turbo, whose 16-bit arithmetic wraps
/// and saturates: an honest encoder's stay under 1,100 plus half a quantiser step.
inline constexpr int32_t kMaxCoefficient = 8191;
/// Results of the transform's first pass beyond this are left to libjpeg-turbo likewise: its second
/// pass adds two of them in 16 bits.
inline constexpr int32_t kMaxFirstPass = 16383;

/// Entries of JpegBlockCoding::places: 64 coefficients, and what a look-up can reach beyond the
/// last.
inline constexpr size_t kCoefficientPlaces = 64 + 128;

/// Where the transform wants the coefficient of row `v` and column `u` of a block: rows paired as
/// (0,2) (4,6) (1,3) (5,7), whose values alternate; columns in the order 0 2 4 6 1 3 5 7. So each
/// pass needs no shuffle before its multiplications.
constexpr uint32_t block_place(uint32_t v, uint32_t u) {
  const uint32_t pair = (v & 1) * 2 + v / 4;
  const uint32_t column = (u & 1) * 4 + u / 2;
  return pair * 16 + column * 2 + (v / 2) % 2;
}

/// Reads coded data from the highest bit on.
struct JpegBitReader {
  const uint8_t* at = nullptr;
  const uint8_t* end = nullptr;
  /// Before here, the next 8 bytes lie in the data and none is 0xff.
  const uint8_t* clear_until = nullptr;
  /// The next bits, from the highest on. Below them stand zeros, or bits of the bytes at `at`.
  uint64_t bits = 0;
  uint32_t count = 0;    ///< How many, at most 63.
  uint32_t padding = 0;  ///< How many of them are zeros made up behind a marker or the end.
};

/// How the blocks of one component are coded, and where their samples go.
struct JpegBlockCoding {
  const DcLookup* dc = nullptr;
  const AcLookup* ac = nullptr;
  /// block_place() in coding order; 64 from coefficient 64 on.
  uint8_t places[kCoefficientPlaces] = {};
  /// Quantisers by place.
  alignas(32) int16_t quantiser[64] = {};
  /// AC coefficients that are small enough for any of the quantisers need not be looked at one by
  /// one: adding `safe_offset` to an entry of AcLookup sets none of `unsafe_bits` where both of its
  /// values are.
  uint64_t safe_offset = 0;
  uint64_t unsafe_bits = 0;
  int32_t last_dc = 0;
  int32_t nonzero = 0;  ///< Not 0 once any block had a coefficient.
  uint32_t mcu_blocks_across = 1;
  uint32_t mcu_blocks_down = 1;
  const uint8_t* needed_columns = nullptr;  ///< For each block column: whether it is read at all.
  /// For each block row of the present row of MCUs: which sample rows are read, bit 0 the top.
  uint8_t needed_rows[4] = {};
  uint8_t* samples[4] = {};  ///< Where those block rows' samples begin.
  size_t stride_bytes = 0;
};

struct JpegScanState {
  JpegBitReader reader;
  JpegBlockCoding components[3];
  uint32_t component_count = 0;
  /// 64 quantised coefficients, zero between blocks, and one more for what lies past them.
  alignas(64) int16_t block[96] = {};
};

/// One row of quantised blocks, row by row as libjpeg holds them, to be transformed.
struct JpegBlockRow {
  const int16_t* coefficients = nullptr;
  const int16_t* quantiser = nullptr;  ///< 64, by place, aligned to 32 bytes.
  uint32_t block_count = 0;
  const uint8_t* needed_columns = nullptr;
  uint8_t needed_rows = 0;
  uint8_t* samples = nullptr;
  size_t stride_bytes = 0;
};

/// Four samples weighted into one: two neighbours of the nearer row, two of the farther.
struct JpegTriangle {
  uint16_t near_weight = 4;  ///< This and far_weight make 4.
  uint16_t far_weight = 0;
  size_t width = 0;                   ///< Samples of a row that have a part.
  const uint32_t* left = nullptr;     ///< Column of the left neighbour, for each output.
  const uint32_t* weights = nullptr;  ///< Of the left (lower half) and right neighbour; together 4.
  const uint16_t* bias = nullptr;     ///< Added before the sum, of weight 16, is shifted down by 4.
  uint16_t* blended = nullptr;        ///< Room for width + kSampleGroup values.
};

/// Every count of outputs is a multiple of this, and every buffer of outputs as long. As many
/// samples can be read behind a row.
inline constexpr size_t kSampleGroup = 32;

struct JpegKernels {
  /// Decodes MCUs [first, last) of a row. False where the data is not what an intact file holds, or
  /// takes arithmetic that only libjpeg-turbo itself repeats.
  bool (*decode_mcus)(JpegScanState& state, uint32_t first, uint32_t last);
  /// Transforms a row of blocks. False as above.
  bool (*transform_row)(const JpegBlockRow& row);
  /// out[i] = row[columns[i]].
  void (*pick)(const uint8_t* row, const uint32_t* columns, size_t count, uint8_t* out);
  void (*upsample)(const uint8_t* near_row, const uint8_t* far_row, const JpegTriangle& triangle,
                   size_t count, uint8_t* out);
  /// Colour conversion as libjpeg's; 3 * count bytes.
  void (*ycc_to_rgb)(const uint8_t* y, const uint8_t* cb, const uint8_t* cr, size_t count,
                     uint8_t* rgb);
};

/// The loops for an instruction set, which the processor must have.
const JpegKernels& jpeg_kernels(SimdLevel level);

extern const JpegKernels kJpegKernelsScalar;
extern const JpegKernels kJpegKernelsAvx2;

}  // namespace safelight::codec
