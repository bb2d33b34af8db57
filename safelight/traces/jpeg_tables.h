#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace safelight::traces {

/// 64 quantisation steps in natural order (row by row, from the lowest frequencies).
using QuantTable = std::array<uint16_t, 64>;

/// The place in natural order of each value in the zigzag order of files. T.81, figure A.6.
extern const std::array<uint8_t, 64> kZigzag;

/// How tables compare with those that the IJG's library makes at a quality of 1 to 100.
struct IjgQuality {
  int quality = 0;     ///< The nearest.
  bool exact = false;  ///< All steps of all tables are those of `quality`.
  double mean_difference = 0;
};

/// The tables of Annex K of T.81, scaled as the IJG's library does it: the first for luma, the
/// second for both chroma components. `quality` is 1 to 100.
QuantTable ijg_luma(int quality);
QuantTable ijg_chroma(int quality);

/// The nearest quality for the tables of a picture, one a component, the first of which is luma.
IjgQuality match_ijg(std::span<const QuantTable> by_component);

/// Whether a Huffman table is one of the four of Annex K.3 that encoders use by default. `counts`
/// are the numbers of codes of 1 to 16 bits.
bool is_default_huffman(std::span<const std::byte, 16> counts, std::span<const std::byte> symbols);

}  // namespace safelight::traces
