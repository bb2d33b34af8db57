#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "safelight/picture/picture.h"
#include "safelight/traces/trace.h"

namespace safelight::traces {

/// The quantised coefficients of one component of a JPEG, as they are stored.
struct CoefficientPlane {
  uint32_t blocks_wide = 0;
  uint32_t blocks_high = 0;
  /// Blocks from the top left in rows, 64 values each, in natural order; of all rows, or of those
  /// that block_rows_looked_at() names alone.
  std::span<const int16_t> values;
  std::array<uint16_t, 64> steps{};  ///< The quantisation table, in natural order.
};

/// Whether luma was compressed before on the same 8x8 grid, with other steps: quantising twice
/// leaves periodic gaps and peaks in the histograms of the coefficients. For each low frequency,
/// what one quantisation would give is estimated from the same picture on a grid shifted by half a
/// block; the statistic is the mean gain in log-likelihood a coefficient (nats) when an earlier
/// step is assumed. Poor where the first compression was the finer one: "not found" then means
/// little. The steps of both compressions must differ. Sources: Lukas and Fridrich 2003; Bianchi
/// and Piva 2012.
Trace aligned_double_jpeg(const CoefficientPlane& luma);

/// Whether the pixels were compressed before on another 8x8 grid than that of the file, as after
/// cropping: the sums of the blocks of that grid keep to multiples of the earlier step. The
/// statistic is that periodicity at the most periodic of the 63 shifted grids, as a multiple of
/// what the other shifts have. `pixels` are those of the file, from its top left. Source: after
/// Bianchi and Piva 2012, on the first coefficient alone.
Trace shifted_double_jpeg(const Picture& pixels);

}  // namespace safelight::traces
