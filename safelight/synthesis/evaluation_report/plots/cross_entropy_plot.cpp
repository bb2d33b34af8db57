#include "safelight/synthesis/evaluation_report/plots/cross_entropy_plot.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "safelight/synthesis/evaluation_report/plots/legend_counts.h"
#include "safelight/synthesis/evaluation_report/plots/svg_plot.h"

namespace safelight::synthesis {
namespace {

std::vector<PlotPoint> line_of(const Curves& curves, double CrossEntropyPoint::*entropy) {
  std::vector<PlotPoint> out;
  for (const CrossEntropyPoint& point : curves.cross_entropy) {
    out.push_back({point.prior_log10_odds, point.*entropy});
  }
  return out;
}

/// Over every point that is finite, so that no curve leaves the frame.
double top_of(const Curves& curves) {
  double largest = 1;
  for (const CrossEntropyPoint& point : curves.cross_entropy) {
    if (std::isfinite(point.detector)) largest = std::max(largest, point.detector);
  }
  return std::ceil(5 * (largest + 0.05)) / 5;
}

}  // namespace

std::string cross_entropy_plot(const Curves& curves) {
  SvgPlot plot("Empirical cross-entropy", round_axis("prior log10 odds of H1", -2, 2),
               round_axis("empirical cross-entropy (bits)", 0, top_of(curves)));
  plot.guide({0, 0}, {0, top_of(curves)}, "");
  plot.line(line_of(curves, &CrossEntropyPoint::detector), LineStyle::first,
            "ratios of " + both_counts(curves.camera, curves.generated));
  plot.line(line_of(curves, &CrossEntropyPoint::pav), LineStyle::second,
            "the same after PAV: the least it could be");
  plot.line(line_of(curves, &CrossEntropyPoint::ratios_of_one), LineStyle::third,
            "ratios of 1: whoever learns nothing");
  return plot.svg();
}

}  // namespace safelight::synthesis
