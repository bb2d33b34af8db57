#include "safelight/synthesis/likelihood/measures/posterior_quality.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace safelight::synthesis {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double half_over(std::span<const double> of_class) {
  return 0.5 / static_cast<double>(of_class.size());
}

}  // namespace

double posterior_of_camera(double log10_lr) { return 1 / (1 + std::pow(10, -log10_lr)); }

std::vector<ReliabilityBin> reliability_bins(const TwoClasses& log10_lr) {
  if (lacks_class_or_has_nan(log10_lr)) return {};
  constexpr auto kBins = static_cast<double>(kReliabilityBins);
  std::vector<ReliabilityBin> bins(kReliabilityBins);
  const auto bin_of = [&](double posterior) -> ReliabilityBin& {
    return bins[std::min(static_cast<size_t>(posterior * kBins), kReliabilityBins - 1)];
  };
  for (const double value : log10_lr.camera) {
    const double posterior = posterior_of_camera(value);
    ReliabilityBin& bin = bin_of(posterior);
    ++bin.camera;
    bin.mean_posterior += posterior * half_over(log10_lr.camera);
  }
  for (const double value : log10_lr.generated) {
    const double posterior = posterior_of_camera(value);
    ReliabilityBin& bin = bin_of(posterior);
    ++bin.generated;
    bin.mean_posterior += posterior * half_over(log10_lr.generated);
  }
  for (size_t i = 0; i < bins.size(); ++i) {
    ReliabilityBin& bin = bins[i];
    bin.from = static_cast<double>(i) / kBins;
    bin.to = static_cast<double>(i + 1) / kBins;
    const double camera = static_cast<double>(bin.camera) * half_over(log10_lr.camera);
    bin.weight = camera + static_cast<double>(bin.generated) * half_over(log10_lr.generated);
    bin.mean_posterior = bin.weight > 0 ? bin.mean_posterior / bin.weight : kNan;
    bin.camera_share = bin.weight > 0 ? camera / bin.weight : kNan;
  }
  return bins;
}

double expected_calibration_error(const TwoClasses& log10_lr) {
  const auto bins = reliability_bins(log10_lr);
  if (bins.empty()) return kNan;
  double error = 0;
  for (const ReliabilityBin& bin : bins) {
    if (bin.weight > 0) error += bin.weight * std::abs(bin.mean_posterior - bin.camera_share);
  }
  return error;
}

double brier_score(const TwoClasses& log10_lr) {
  if (lacks_class_or_has_nan(log10_lr)) return kNan;
  double camera = 0;
  // Of -x rather than 1 - p, which loses what is near 1.
  for (const double value : log10_lr.camera) camera += std::pow(posterior_of_camera(-value), 2);
  double generated = 0;
  for (const double value : log10_lr.generated) {
    generated += std::pow(posterior_of_camera(value), 2);
  }
  return camera * half_over(log10_lr.camera) + generated * half_over(log10_lr.generated);
}

}  // namespace safelight::synthesis
