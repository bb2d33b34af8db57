#pragma once

namespace safelight::synthesis {

/// A threshold over `below` and at most `above`, halfway where there is such a number: figures that
/// are written with fewer digits then still separate the two.
inline double cut_between(double below, double above) {
  const double halfway = below + (above - below) / 2;
  return halfway > below && halfway <= above ? halfway : above;
}

}  // namespace safelight::synthesis
