#include "safelight/synthesis/likelihood/measures/misleading_evidence.h"

#include <algorithm>

#include "safelight/synthesis/likelihood/internal/value_counts.h"

namespace safelight::synthesis {

std::vector<TippettPoint> tippett_points(const TwoClasses& log10_lr) {
  if (lacks_class_or_has_nan(log10_lr)) return {};
  std::vector<TippettPoint> points;
  Proportion camera{log10_lr.camera.size(), log10_lr.camera.size()};
  Proportion generated{log10_lr.generated.size(), log10_lr.generated.size()};
  for (const ValueCount& count : value_counts(log10_lr)) {
    points.push_back({count.value, camera.share(), generated.share()});
    camera.count -= count.camera;
    generated.count -= count.generated;
  }
  return points;
}

MisleadingEvidence misleading_evidence(const TwoClasses& log10_lr) {
  const auto under = std::ranges::count_if(log10_lr.camera, [](double x) { return x < 0; });
  const auto over = std::ranges::count_if(log10_lr.generated, [](double x) { return x > 0; });
  return {{static_cast<size_t>(under), log10_lr.camera.size()},
          {static_cast<size_t>(over), log10_lr.generated.size()}};
}

}  // namespace safelight::synthesis
