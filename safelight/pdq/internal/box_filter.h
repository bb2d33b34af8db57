#pragma once

#include <cstdint>

namespace safelight::pdq::internal {

/// Side of the square of samples that the transform reads.
inline constexpr uint32_t kGridSide = 64;

/// One pass of PDQ's running-sum box filter over `length` values, as numbered steps. Step s adds
/// value s where there is one (s < length), then subtracts value s - window where there is one
/// (s >= window), then, from step lead() on, writes output s - lead() as the sum divided by
/// count(s). There are steps() of them. Needs window <= length.
/// Source: box1DFloat in pdq/cpp/downscaling/downscaling.cpp of facebook/ThreatExchange.
///
/// Its functions are always inlined, because translation units for different instruction sets use
/// them and the linker keeps only one copy of an inline function.
struct BoxFilter {
  uint32_t length = 0;
  uint32_t window = 1;

  /// The filter that PDQ applies to a side of `length` samples.
  [[gnu::always_inline]] static constexpr BoxFilter for_side(uint32_t length) {
    return {length, (length + 2 * kGridSide - 1) / (2 * kGridSide)};
  }
  /// How many steps the outputs lag behind the inputs.
  [[nodiscard, gnu::always_inline]] constexpr uint32_t lead() const { return (window + 2) / 2 - 1; }
  [[nodiscard, gnu::always_inline]] constexpr uint32_t steps() const { return length + lead(); }
  /// How many values the sum holds after step s.
  [[nodiscard, gnu::always_inline]] constexpr uint32_t count(uint32_t step) const {
    const uint32_t joined = step < length ? step + 1 : length;
    const uint32_t left = step < window ? 0 : step - window + 1;
    return joined - left;
  }
};

/// The sample of a side of `length` that stands for place `index` of kGridSide.
[[gnu::always_inline]] constexpr uint32_t grid_position(uint32_t index, uint32_t length) {
  // The reference computes (index + 0.5) * length / 64 in double, which is exact.
  return static_cast<uint32_t>((uint64_t{2} * index + 1) * length / (2 * kGridSide));
}

}  // namespace safelight::pdq::internal
