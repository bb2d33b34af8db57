#include "safelight/synthesis/evaluation_report/internal/curves.h"

#include <cmath>

#include "safelight/synthesis/likelihood/measures/cllr.h"

namespace safelight::synthesis {
namespace {

std::vector<double> mapped(const PavTransform& pav, const std::vector<double>& values) {
  std::vector<double> out;
  out.reserve(values.size());
  for (const double value : values) out.push_back(pav.log10_lr(value));
  return out;
}

std::vector<CrossEntropyPoint> cross_entropies(const TwoClassValues& lrs, const PavTransform& pav) {
  const TwoClassValues best = {mapped(pav, lrs.camera), mapped(pav, lrs.generated)};
  const std::vector<double> nothing = {0};
  std::vector<CrossEntropyPoint> out;
  for (size_t i = 0; i < kCrossEntropyPoints; ++i) {
    const double log10_odds = static_cast<double>(i) / 10 - 2;
    const double odds = std::pow(10.0, log10_odds);
    const double prior = odds / (1 + odds);
    out.push_back({log10_odds, empirical_cross_entropy(lrs, prior),
                   empirical_cross_entropy(best, prior),
                   empirical_cross_entropy({nothing, nothing}, prior)});
  }
  return out;
}

}  // namespace

Curves curves_of(std::span<const Reference> references, const HeldOutScores& held_out) {
  const TwoClassValues scores = scores_of(references, held_out);
  const TwoClassValues lrs = log10_lrs_of(references, held_out);
  Curves out;
  out.camera = lrs.camera.size();
  out.generated = lrs.generated.size();
  const auto pav = fit_pav(lrs);
  if (!pav) return out;
  out.tippett = tippett_points(lrs);
  out.roc = roc_curve(scores);
  out.reliability = reliability_bins(lrs);
  out.cross_entropy = cross_entropies(lrs, *pav);
  out.pav = pav->blocks;
  return out;
}

}  // namespace safelight::synthesis
