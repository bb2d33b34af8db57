#pragma once

#include <cstddef>

namespace safelight::synthesis {

/// So many of so many.
struct Proportion {
  size_t count = 0;  ///< At most `of`.
  size_t of = 0;

  /// NaN of none.
  [[nodiscard]] double share() const {
    return static_cast<double>(count) / static_cast<double>(of);
  }
  friend bool operator==(const Proportion&, const Proportion&) = default;
};

}  // namespace safelight::synthesis
