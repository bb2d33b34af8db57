#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace safelight::synthesis {

/// What a picture is held to be. A score is larger for H2; a likelihood ratio is p(. | H1) /
/// p(. | H2), so that a log10 LR over 0 supports H1.
enum class Proposition : uint8_t {
  camera,     ///< H1: a camera took it; perhaps recompressed or resized since.
  generated,  ///< H2: a model generated all of it.
};

/// Values (scores, log10 LRs) of pictures whose origin is known.
struct TwoClasses {
  std::span<const double> camera;
  std::span<const double> generated;
};

/// The same, owned.
struct TwoClassValues {
  std::vector<double> camera;
  std::vector<double> generated;
  operator TwoClasses() const { return {camera, generated}; }  // NOLINT: implicit, as a span
};

/// The values of each class, in their order. Both spans are of one length.
[[nodiscard]] TwoClassValues by_class(std::span<const double> values,
                                      std::span<const Proposition> labels);
/// Of the rows given alone, each as often as it is given: what a resample needs.
[[nodiscard]] TwoClassValues by_class(std::span<const double> values,
                                      std::span<const Proposition> labels,
                                      std::span<const size_t> rows);

/// Whether a class has no value, or a value is NaN: nothing can be measured then.
[[nodiscard]] bool lacks_class_or_has_nan(const TwoClasses& values);

}  // namespace safelight::synthesis
