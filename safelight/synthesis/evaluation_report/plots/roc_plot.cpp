#include "safelight/synthesis/evaluation_report/plots/roc_plot.h"

#include <vector>

#include "safelight/synthesis/evaluation_report/plots/legend_counts.h"
#include "safelight/synthesis/evaluation_report/plots/svg_plot.h"

namespace safelight::synthesis {

std::string roc_plot(const Curves& curves) {
  std::vector<PlotPoint> points;
  points.reserve(curves.roc.size());
  for (const RocPoint& point : curves.roc) {
    points.push_back({point.false_positive_rate, point.true_positive_rate});
  }
  SvgPlot plot("ROC curve", round_axis("camera pictures called generated (share)", 0, 1),
               round_axis("generated pictures called so (share)", 0, 1));
  plot.guide({0, 0}, {1, 1}, "a detector that knows nothing");
  plot.line(points, LineStyle::first, "scores of " + both_counts(curves.camera, curves.generated));
  return plot.svg();
}

}  // namespace safelight::synthesis
