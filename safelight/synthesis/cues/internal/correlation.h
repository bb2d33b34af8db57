#pragma once

#include <algorithm>
#include <cmath>

namespace safelight::synthesis::internal {

/// Pearson's correlation of pairs of values; 0 where either does not vary.
class Correlation {
 public:
  void add(double a, double b) { add_sums(1, a, b, a * a, b * b, a * b); }
  /// Adds `count` pairs by their sums.
  void add_sums(double count, double a, double b, double aa, double bb, double ab) {
    count_ += count;
    a_ += a;
    b_ += b;
    aa_ += aa;
    bb_ += bb;
    ab_ += ab;
  }
  [[nodiscard]] double value() const {
    const double varies = (count_ * aa_ - a_ * a_) * (count_ * bb_ - b_ * b_);
    return varies > 0 ? std::clamp((count_ * ab_ - a_ * b_) / std::sqrt(varies), -1.0, 1.0) : 0;
  }

 private:
  double count_ = 0;
  double a_ = 0;
  double b_ = 0;
  double aa_ = 0;
  double bb_ = 0;
  double ab_ = 0;
};

}  // namespace safelight::synthesis::internal
