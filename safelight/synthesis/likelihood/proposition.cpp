#include "safelight/synthesis/likelihood/proposition.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace safelight::synthesis {
namespace {

void add(TwoClassValues& out, double value, Proposition label) {
  (label == Proposition::camera ? out.camera : out.generated).push_back(value);
}

}  // namespace

TwoClassValues by_class(std::span<const double> values, std::span<const Proposition> labels) {
  assert(values.size() == labels.size());
  TwoClassValues out;
  for (size_t row = 0; row < values.size(); ++row) add(out, values[row], labels[row]);
  return out;
}

TwoClassValues by_class(std::span<const double> values, std::span<const Proposition> labels,
                        std::span<const size_t> rows) {
  assert(values.size() == labels.size());
  TwoClassValues out;
  out.camera.reserve(rows.size());
  out.generated.reserve(rows.size());
  for (const size_t row : rows) add(out, values[row], labels[row]);
  return out;
}

bool lacks_class_or_has_nan(const TwoClasses& values) {
  const auto is_nan = [](double value) { return std::isnan(value); };
  return values.camera.empty() || values.generated.empty() ||
         std::ranges::any_of(values.camera, is_nan) ||
         std::ranges::any_of(values.generated, is_nan);
}

}  // namespace safelight::synthesis
