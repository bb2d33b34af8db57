#pragma once

#include <cstdint>
#include <span>

#include "safelight/picture/picture.h"
#include "safelight/synthesis/cues/internal/residual_spectrum.h"

namespace safelight::synthesis::internal {

/// What is measured alike in the part of a picture at native size and in that of its equalised
/// copy. The residual of a channel is its cross difference, `a - b - c + d` of 2x2 samples.
struct ViewCues {
  double residual_variance = 0;    ///< Logarithm; of luma.
  double residual_kurtosis = 0;    ///< Logarithm; of luma.
  double residual_red_green = 0;   ///< Correlation of the residuals of two channels.
  double residual_blue_green = 0;  ///< The same.
  double noise_floor = 0;          ///< Logarithm of the mean residual of the flattest blocks.
  double texture_contrast = 0;     ///< Logarithm; of the richest blocks over the flattest.
  double noise_brightness = 0;     ///< Correlation of residual and brightness in flat blocks.
  double gradient_kurtosis = 0;    ///< Logarithm; of the differences of neighbours in luma.
  SpectrumCues spectrum;           ///< Of the residual of luma.
};

/// Measures a picture of 3 channels, kTileSide + 1 pixels or more either way, and at most 1024,
/// from its samples and its luma, row after row.
ViewCues view_cues(const Picture& view, std::span<const uint8_t> luma);

}  // namespace safelight::synthesis::internal
