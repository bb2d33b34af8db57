#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace safelight::provenance {

/// A payload that a public generator is known to embed as it ships. No other is looked for.
struct KnownMark {
  std::string_view name;     ///< Stable, such as "sdxl".
  std::string_view used_by;  ///< Whose default it is, in words.
  std::string_view bits;     ///< '0' and '1', in the order in which blocks carry them.
  /// Bits that must agree before the mark counts as possible, and as found. Chosen over what
  /// unmarked pictures reach by chance: docs/watermarks.md has the measurement.
  uint32_t possible_bits = 0;
  uint32_t found_bits = 0;
};

/// All of them, in a fixed order.
std::span<const KnownMark> known_marks();

/// The longest of them, in bits.
inline constexpr uint32_t kMaxMarkBits = 136;

}  // namespace safelight::provenance
