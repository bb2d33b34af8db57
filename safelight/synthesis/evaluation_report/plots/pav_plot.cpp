#include "safelight/synthesis/evaluation_report/plots/pav_plot.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "safelight/synthesis/evaluation_report/plots/legend_counts.h"
#include "safelight/synthesis/evaluation_report/plots/log10_lr_range.h"
#include "safelight/synthesis/evaluation_report/plots/svg_plot.h"

namespace safelight::synthesis {

std::string pav_plot(const Curves& curves) {
  const double range = log10_lr_range(curves.tippett);
  double finite = range;
  for (const PavBlock& block : curves.pav) {
    if (std::isfinite(block.log10_lr)) finite = std::max(finite, std::abs(block.log10_lr));
  }
  finite = std::ceil(2 * finite) / 2;
  // Infinite ratios have a place of their own over the finite ones, and under them.
  const double infinite = finite * 1.15;
  PlotAxis after = round_axis("log10 ratio after PAV", -finite, finite);
  after.from = -finite * 1.25;
  after.to = finite * 1.25;
  after.ticks.insert(after.ticks.begin(), PlotTick{-infinite, "\xe2\x88\x92\xe2\x88\x9e"});
  after.ticks.push_back({infinite, "\xe2\x88\x9e"});

  std::vector<PlotPoint> points;
  for (const PavBlock& block : curves.pav) {
    const double y = std::clamp(block.log10_lr, -infinite, infinite);
    points.push_back({block.low, y});
    points.push_back({block.high, y});
  }
  SvgPlot plot("PAV", round_axis("log10 likelihood ratio", -range, range), std::move(after));
  plot.guide({-range, -range}, {range, range}, "calibrated");
  plot.line(points, LineStyle::first, "ratios of " + both_counts(curves.camera, curves.generated));
  return plot.svg();
}

}  // namespace safelight::synthesis
