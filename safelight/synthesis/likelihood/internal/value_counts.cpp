#include "safelight/synthesis/likelihood/internal/value_counts.h"

#include <algorithm>

namespace safelight::synthesis {
namespace {

std::vector<double> sorted(std::span<const double> values) {
  std::vector<double> out(values.begin(), values.end());
  std::ranges::sort(out);
  return out;
}

/// How often `value` stands at `from`, which is moved past it.
size_t take_equal(const std::vector<double>& sorted_values, size_t& from, double value) {
  const size_t first = from;
  while (from < sorted_values.size() && sorted_values[from] == value) ++from;
  return from - first;
}

}  // namespace

std::vector<ValueCount> value_counts(const TwoClasses& values) {
  const std::vector<double> camera = sorted(values.camera);
  const std::vector<double> generated = sorted(values.generated);
  std::vector<ValueCount> out;
  out.reserve(camera.size() + generated.size());
  size_t c = 0;
  size_t g = 0;
  while (c < camera.size() || g < generated.size()) {
    const bool camera_first =
        g == generated.size() || (c < camera.size() && camera[c] < generated[g]);
    ValueCount count{camera_first ? camera[c] : generated[g], 0, 0};
    count.camera = take_equal(camera, c, count.value);
    count.generated = take_equal(generated, g, count.value);
    out.push_back(count);
  }
  return out;
}

}  // namespace safelight::synthesis
