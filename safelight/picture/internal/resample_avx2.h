#pragma once

#include <cstddef>
#include <cstdint>

// The passes of resample() in AVX2. The structures are plain pointers and numbers, because the code
// is compiled with instructions that not every processor has, and nothing shared with other
// translation units (an inline function of a library, say) may be compiled there.

namespace safelight::picture_internal {

/// Weights are whole numbers of 2^-22, so that 255 times their sum, negative lobes included, fits
/// 32 bits.
inline constexpr int kWeightBits = 22;
inline constexpr int32_t kHalf = 1 << (kWeightBits - 1);

/// Weights are reserved for a whole number of these, and those that no sample has are 0: as many
/// are read at a time.
inline constexpr size_t kTapGroup = 16;

/// The source samples that make one output sample.
struct TapPlace {
  uint32_t first = 0;
  uint32_t count = 0;
};

/// Rows of pixels, one after another without padding, that become rows of `width` pixels.
struct RowPass {
  const uint8_t* in = nullptr;
  size_t in_bytes = 0;  ///< That may be read: all rows and what follows them.
  size_t in_row_bytes = 0;
  uint32_t rows = 0;
  uint32_t channels = 0;  ///< 1 or 3.
  const TapPlace* places = nullptr;
  const int32_t* weights = nullptr;  ///< `stride` for each of `width` places.
  size_t stride = 0;                 ///< A multiple of kTapGroup.
  size_t width = 0;
  uint8_t* out = nullptr;
};

/// Rows of samples, one after another without padding, that are weighted into one row.
struct ColumnPass {
  const uint8_t* in = nullptr;
  size_t row_bytes = 0;
  uint32_t rows = 0;
  const int32_t* weights = nullptr;  ///< For each row, and 0 for one more where they are odd.
  uint8_t* out = nullptr;
};

/// Writes rows from the first on. Gives how many; the others are the caller's.
uint32_t resample_rows_avx2(const RowPass& pass);

/// Writes samples from the first on. Gives how many; the others are the caller's.
size_t resample_columns_avx2(const ColumnPass& pass);

}  // namespace safelight::picture_internal
