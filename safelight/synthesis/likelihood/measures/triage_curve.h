#pragma once

#include <vector>

#include "safelight/synthesis/likelihood/proposition.h"

/// What an order of review by score does for camera pictures: the queue holds both classes, the
/// least score (most like a camera's) first. Where scores are equal, the expectation over all their
/// orders. Where a class is empty or a score NaN, figures are NaN and the curve is empty.
namespace safelight::synthesis {

struct TriagePoint {
  double queue_share = 0;   ///< Of all pictures, those looked at.
  double camera_share = 0;  ///< Of the camera pictures, those among them.
};

/// From (0, 0) to (1, 1), straight in between: a point after each score. Without any order it is
/// the diagonal.
[[nodiscard]] std::vector<TriagePoint> triage_curve(const TwoClasses& scores);

/// The share of the camera pictures that are reached in this share of the queue, from 0 to 1.
[[nodiscard]] double camera_share_in_first(const TwoClasses& scores, double queue_share);

/// The share of the camera pictures that are left to this last share of the queue: the dangerous
/// error.
[[nodiscard]] double camera_share_in_last(const TwoClasses& scores, double queue_share);

}  // namespace safelight::synthesis
