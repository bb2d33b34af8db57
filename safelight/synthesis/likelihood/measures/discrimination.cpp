#include "safelight/synthesis/likelihood/measures/discrimination.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "safelight/synthesis/likelihood/internal/cut_between.h"
#include "safelight/synthesis/likelihood/internal/value_counts.h"

namespace safelight::synthesis {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double share(size_t part, size_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

double share_called_generated(std::span<const double> scores, double threshold) {
  const auto called = std::ranges::count_if(scores, [&](double s) { return s >= threshold; });
  return share(static_cast<size_t>(called), scores.size());
}

}  // namespace

std::vector<RocPoint> roc_curve(const TwoClasses& scores) {
  if (lacks_class_or_has_nan(scores)) return {};
  const auto counts = value_counts(scores);
  std::vector<RocPoint> points{{kInfinity, 0, 0}};
  size_t camera = 0;
  size_t generated = 0;
  for (auto count = counts.rbegin(); count != counts.rend(); ++count) {
    camera += count->camera;
    generated += count->generated;
    points.push_back({count->value, share(camera, scores.camera.size()),
                      share(generated, scores.generated.size())});
  }
  return points;
}

double auc(const TwoClasses& scores) {
  if (lacks_class_or_has_nan(scores)) return kNan;
  uint64_t twice_won = 0;
  uint64_t camera_below = 0;
  for (const ValueCount& count : value_counts(scores)) {
    twice_won += count.generated * (2 * camera_below + count.camera);
    camera_below += count.camera;
  }
  return static_cast<double>(twice_won) / 2 / static_cast<double>(scores.camera.size()) /
         static_cast<double>(scores.generated.size());
}

double threshold_for_false_positive_rate(const TwoClasses& scores, double rate) {
  if (lacks_class_or_has_nan(scores)) return kNan;
  const auto counts = value_counts(scores);
  size_t camera = 0;
  for (size_t i = counts.size(); i-- > 0;) {
    camera += counts[i].camera;
    if (share(camera, scores.camera.size()) <= rate) continue;
    return i + 1 == counts.size() ? std::nextafter(counts[i].value, kInfinity)
                                  : cut_between(counts[i].value, counts[i + 1].value);
  }
  return -kInfinity;
}

double true_positive_rate_at(const TwoClasses& scores, double rate) {
  if (lacks_class_or_has_nan(scores)) return kNan;
  return share_called_generated(scores.generated, threshold_for_false_positive_rate(scores, rate));
}

double balanced_accuracy(const TwoClasses& scores, double threshold) {
  if (lacks_class_or_has_nan(scores)) return kNan;
  return (1 - share_called_generated(scores.camera, threshold) +
          share_called_generated(scores.generated, threshold)) /
         2;
}

}  // namespace safelight::synthesis
