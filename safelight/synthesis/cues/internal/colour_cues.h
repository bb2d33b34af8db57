#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "safelight/picture/picture.h"

namespace safelight::synthesis::internal {

/// How the colours of a part of a picture are spread, and how they were stored.
struct ColourCues {
  double saturation = 0;  ///< Mean of (highest - lowest channel) / highest.
  double red_blue = 0;    ///< Correlation of red and blue.
  double histogram_gaps =
      0;                ///< Share of unused levels of green between its 1st and 99th percentile.
  double clipping = 0;  ///< Logarithm of the share of samples that are 0 or 255.
  double grid = 0;      ///< Logarithm: steps across the 8x8 grid over those elsewhere.
  double shifted_grid = 0;  ///< The same, of the strongest other grid.
};

/// Measures a picture of 3 channels, 16 pixels or more either way and at most 1024, whose corner
/// lies on the 8x8 grid of the file, from its samples and its luma, row after row.
ColourCues colour_cues(const Picture& native, std::span<const uint8_t> luma);

/// Why the pixels look like no photograph (flat, drawn), in plain words; empty where they may be.
std::string_view no_photograph(const Picture& native);

}  // namespace safelight::synthesis::internal
