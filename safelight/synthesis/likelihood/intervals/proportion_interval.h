#pragma once

#include "safelight/synthesis/likelihood/intervals/interval.h"
#include "safelight/synthesis/likelihood/proportion.h"

/// Where the probability behind a proportion may lie, for draws that are independent of each other.
/// `confidence` lies between 0 and 1, both excluded. Of no draw it may lie anywhere.
namespace safelight::synthesis {

/// Wilson's score interval (Journal of the American Statistical Association 22, 1927): to be shown
/// with a rate. It covers about as often as it says, on average.
[[nodiscard]] Interval wilson_interval(const Proportion& proportion,
                                       double confidence = kConfidence);

/// The exact interval (Clopper and Pearson, Biometrika 26, 1934): it covers at least as often as it
/// says.
[[nodiscard]] Interval clopper_pearson_interval(const Proportion& proportion,
                                                double confidence = kConfidence);

/// The one-sided exact bound: the probability exceeds it in at most 1 - confidence of all cases.
[[nodiscard]] double clopper_pearson_upper_bound(const Proportion& proportion,
                                                 double confidence = kConfidence);

}  // namespace safelight::synthesis
