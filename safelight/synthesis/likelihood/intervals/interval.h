#pragma once

namespace safelight::synthesis {

/// Both ends belong to it.
struct Interval {
  double lower = 0;
  double upper = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};

inline constexpr double kConfidence = 0.95;

}  // namespace safelight::synthesis
