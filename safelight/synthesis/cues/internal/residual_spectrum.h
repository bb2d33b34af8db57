#pragma once

#include <cstdint>
#include <span>

namespace safelight::synthesis::internal {

/// Side of the square tiles whose power spectra are averaged.
inline constexpr uint32_t kTileSide = 128;

/// A residual of luma: rows of values side by side, kTileSide or more either way.
struct Residual {
  uint32_t width = 0;
  uint32_t height = 0;
  std::span<const int16_t> values;
};

/// What the power spectra of a residual and of its size say, averaged over tiles (Hann window).
/// Slope and shares are of the residual. Peaks are of its size, which repeats where pixels were
/// interpolated: logarithms of the power at a frequency over the median around it, the highest of
/// those named.
struct SpectrumCues {
  double slope = 0;       ///< Of log power over log frequency, 1/32 to 1/2 cycles a pixel.
  double mid_share = 0;   ///< Of the power that lies from 1/8 to 1/4 cycles a pixel.
  double high_share = 0;  ///< Of the power that lies from 3/8 on.
  double peak_2 = 0;      ///< At 1/2, along either axis or both.
  double peak_4 = 0;      ///< At 1/4, with 0, 1/4 or 1/2 along the other axis.
  double peak_8 = 0;      ///< At 1/8 and 3/8 along either axis.
};

SpectrumCues spectrum_cues(const Residual& residual);

}  // namespace safelight::synthesis::internal
