#include "safelight/synthesis/evaluation_report/plots/reliability_plot.h"

#include <vector>

#include "safelight/synthesis/evaluation_report/plots/legend_counts.h"
#include "safelight/synthesis/evaluation_report/plots/svg_plot.h"

namespace safelight::synthesis {
namespace {

/// Short enough to stand over a bin.
std::string short_count(size_t pictures) {
  constexpr size_t kLongest = 99'999;
  return pictures <= kLongest ? std::to_string(pictures) : std::to_string(pictures / 1000) + "k";
}

}  // namespace

std::string reliability_plot(const Curves& curves) {
  std::vector<PlotPoint> points;
  std::vector<PlotTick> counts;
  for (const ReliabilityBin& bin : curves.reliability) {
    points.push_back({bin.mean_posterior, bin.camera_share});
    counts.push_back({(bin.from + bin.to) / 2, short_count(bin.camera + bin.generated)});
  }
  SvgPlot plot("Reliability", round_axis("mean probability of H1, prior 1/2", 0, 1),
               round_axis("share of camera pictures, prior 1/2", 0, 1));
  plot.guide({0, 0}, {1, 1}, "calibrated");
  plot.line(points, LineStyle::first, "ratios of " + both_counts(curves.camera, curves.generated));
  plot.rings(points, "a bin; its number of pictures stands over the frame");
  plot.over_top(counts);
  return plot.svg();
}

}  // namespace safelight::synthesis
