#include "safelight/synthesis/likelihood/measures/triage_curve.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "safelight/synthesis/likelihood/internal/value_counts.h"
#include "safelight/synthesis/likelihood/proportion.h"

namespace safelight::synthesis {

std::vector<TriagePoint> triage_curve(const TwoClasses& scores) {
  if (lacks_class_or_has_nan(scores)) return {};
  Proportion queue{0, scores.camera.size() + scores.generated.size()};
  Proportion camera{0, scores.camera.size()};
  std::vector<TriagePoint> points{{0, 0}};
  for (const ValueCount& count : value_counts(scores)) {
    queue.count += count.camera + count.generated;
    camera.count += count.camera;
    points.push_back({queue.share(), camera.share()});
  }
  return points;
}

double camera_share_in_first(const TwoClasses& scores, double queue_share) {
  assert(queue_share >= 0 && queue_share <= 1);
  const auto points = triage_curve(scores);
  if (points.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto after = std::ranges::lower_bound(points, queue_share, {}, &TriagePoint::queue_share);
  if (after->queue_share == queue_share) return after->camera_share;
  const auto before = std::prev(after);
  const double along =
      (queue_share - before->queue_share) / (after->queue_share - before->queue_share);
  return before->camera_share + along * (after->camera_share - before->camera_share);
}

double camera_share_in_last(const TwoClasses& scores, double queue_share) {
  return 1 - camera_share_in_first(scores, 1 - queue_share);
}

}  // namespace safelight::synthesis
