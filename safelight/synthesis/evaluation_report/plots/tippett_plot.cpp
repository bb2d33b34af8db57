#include "safelight/synthesis/evaluation_report/plots/tippett_plot.h"

#include <vector>

#include "safelight/synthesis/evaluation_report/plots/legend_counts.h"
#include "safelight/synthesis/evaluation_report/plots/log10_lr_range.h"
#include "safelight/synthesis/evaluation_report/plots/svg_plot.h"

namespace safelight::synthesis {
namespace {

/// A share of pictures with at least a ratio falls just after each ratio that occurs.
std::vector<PlotPoint> steps(const std::vector<TippettPoint>& points, double TippettPoint::*share,
                             double range) {
  std::vector<PlotPoint> out;
  double from = -range;
  for (const TippettPoint& point : points) {
    out.push_back({from, point.*share});
    out.push_back({point.log10_lr, point.*share});
    from = point.log10_lr;
  }
  out.push_back({from, 0});
  out.push_back({range, 0});
  return out;
}

}  // namespace

std::string tippett_plot(const Curves& curves) {
  const double range = log10_lr_range(curves.tippett);
  SvgPlot plot("Tippett plot", round_axis("log10 likelihood ratio", -range, range),
               round_axis("share with at least this ratio", 0, 1));
  plot.guide({0, 0}, {0, 1}, "");
  plot.line(steps(curves.tippett, &TippettPoint::camera, range), LineStyle::first,
            with_count("camera pictures", curves.camera));
  plot.line(steps(curves.tippett, &TippettPoint::generated, range), LineStyle::second,
            with_count("generated pictures", curves.generated));
  return plot.svg();
}

}  // namespace safelight::synthesis
