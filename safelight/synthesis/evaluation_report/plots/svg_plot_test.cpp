#include "safelight/synthesis/evaluation_report/plots/svg_plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

namespace safelight::synthesis {
namespace {

using testing::HasSubstr;

std::vector<std::string> labels(double from, double to) {
  std::vector<std::string> out;
  for (const PlotTick& tick : round_axis("", from, to).ticks) out.push_back(tick.label);
  return out;
}

SvgPlot unit_plot() { return {"t", round_axis("x", 0, 1), round_axis("y", 0, 1)}; }

/// What `points=` of the first curve says.
std::string points_of(const std::vector<PlotPoint>& points) {
  SvgPlot plot = unit_plot();
  plot.line(points, LineStyle::first, "l");
  const std::string svg = plot.svg();
  const size_t from = svg.find("points=\"") + 8;
  return svg.substr(from, svg.find('"', from) - from);
}

TEST(SvgPlot, TicksAreRoundNumbersWithinTheAxis) {
  EXPECT_THAT(labels(0, 1), testing::ElementsAre("0.0", "0.2", "0.4", "0.6", "0.8", "1.0"));
  EXPECT_THAT(labels(0, 1.2),
              testing::ElementsAre("0.0", "0.2", "0.4", "0.6", "0.8", "1.0", "1.2"));
  EXPECT_THAT(labels(-1.5, 1.5), testing::ElementsAre("\u22121.5", "\u22121.0", "\u22120.5", "0.0",
                                                      "0.5", "1.0", "1.5"));
  EXPECT_THAT(labels(-6, 6),
              testing::ElementsAre("\u22126", "\u22124", "\u22122", "0", "2", "4", "6"));
}

TEST(SvgPlot, ACurveRunsFromCornerToCornerOfTheFrame) {
  EXPECT_EQ(points_of({{0, 0}, {1, 1}}), "62.0,326.0 464.0,26.0");
}

TEST(SvgPlot, PointsOnTheWayAlongAnAxisAreDropped) {
  std::vector<PlotPoint> stairs;
  for (int i = 0; i <= 100'000; ++i) {
    const double x = i / 100'000.0;
    stairs.push_back({x, x < 0.5 ? 0.0 : 1.0});
  }
  EXPECT_EQ(points_of(stairs), "62.0,326.0 263.0,326.0 263.0,26.0 464.0,26.0");
  EXPECT_EQ(points_of({{0, 0}, {1, 0}, {0.5, 0}}), "62.0,326.0 464.0,326.0 263.0,326.0");
}

TEST(SvgPlot, PointsThatAreNotFiniteAreLeftOut) {
  EXPECT_EQ(points_of({{0, std::numeric_limits<double>::quiet_NaN()},
                       {0, 0},
                       {std::numeric_limits<double>::infinity(), 1}}),
            "62.0,326.0");
}

TEST(SvgPlot, LinesDifferByTheirClassAndHaveALegendEach) {
  SvgPlot plot = unit_plot();
  const std::vector<PlotPoint> points = {{0, 0}, {1, 1}};
  plot.line(points, LineStyle::first, "a < b");
  plot.line(points, LineStyle::second, "c");
  plot.guide({0, 0}, {1, 1}, "");
  plot.rings(points, "d");
  const std::string svg = plot.svg();
  EXPECT_THAT(svg, HasSubstr("<polyline class=\"curve first\""));
  EXPECT_THAT(svg, HasSubstr("<polyline class=\"curve second\""));
  EXPECT_THAT(svg, HasSubstr(">a &lt; b</text>"));
  // Three legends of 21 units under axes that end at 396.
  EXPECT_THAT(svg, HasSubstr("viewBox=\"0 0 480.0 453.0\""));
}

}  // namespace
}  // namespace safelight::synthesis
