#include "safelight/synthesis/evaluation_report/plots/svg_plot.h"

#include <array>
#include <cmath>
#include <utility>

#include "safelight/base/html_text.h"
#include "safelight/base/number_text.h"

namespace safelight::synthesis {
namespace {

// In units of the drawing, of which a figure on the page is kWidth wide.
constexpr double kWidth = 480;
constexpr double kLeft = 62;
constexpr double kTop = 26;
constexpr double kPlotWidth = 402;
constexpr double kPlotHeight = 300;
constexpr double kBottom = kTop + kPlotHeight;
constexpr double kLegendTop = kBottom + 70;
constexpr double kLegendLine = 21;
constexpr size_t kMostTicks = 8;

std::string number(double value) { return fixed_text(value, 1); }

std::string attribute(std::string_view name, double value) {
  return " " + std::string(name) + "=\"" + number(value) + "\"";
}

std::string line_element(std::string_view style, double x1, double y1, double x2, double y2) {
  return "<line class=\"" + std::string(style) + "\"" + attribute("x1", x1) + attribute("y1", y1) +
         attribute("x2", x2) + attribute("y2", y2) + "/>";
}

std::string text_element(std::string_view style, double x, double y, std::string_view text) {
  return "<text class=\"" + std::string(style) + "\"" + attribute("x", x) + attribute("y", y) +
         ">" + escape_html(text) + "</text>";
}

std::string_view class_of(LineStyle style) {
  constexpr std::array<std::string_view, 3> kClasses = {"curve first", "curve second",
                                                        "curve third"};
  return kClasses[static_cast<size_t>(style)];
}

double share_of(const PlotAxis& axis, double value) {
  return (value - axis.from) / (axis.to - axis.from);
}
double across(const PlotAxis& axis, double value) {
  return kLeft + kPlotWidth * share_of(axis, value);
}
double down(const PlotAxis& axis, double value) {
  return kBottom - kPlotHeight * share_of(axis, value);
}

/// Tenths of a unit: what the drawing is written in.
struct GridPoint {
  long x = 0;
  long y = 0;
  friend bool operator==(const GridPoint&, const GridPoint&) = default;
};

/// Adds a point, and drops what lies on the way to it along one axis: of a curve with a million
/// steps as many stay as can be seen.
void add_point(std::vector<GridPoint>& points, const GridPoint& next) {
  if (!points.empty() && points.back() == next) return;
  if (points.size() >= 2) {
    const GridPoint& before = points[points.size() - 2];
    const GridPoint& last = points.back();
    const bool along_x =
        before.y == last.y && last.y == next.y && (before.x <= last.x) == (last.x <= next.x);
    const bool along_y =
        before.x == last.x && last.x == next.x && (before.y <= last.y) == (last.y <= next.y);
    if (along_x || along_y) points.pop_back();
  }
  points.push_back(next);
}

bool is_finite(const PlotPoint& point) { return std::isfinite(point.x) && std::isfinite(point.y); }

}  // namespace

PlotAxis round_axis(std::string label, double from, double to) {
  PlotAxis axis{std::move(label), from, to, {}};
  double step = std::pow(10.0, std::floor(std::log10((to - from) / kMostTicks)));
  constexpr std::array<double, 3> kNext = {2, 2.5, 2};
  const auto steps = [&] { return std::floor((to - from) / step + 1e-9); };
  for (size_t i = 0; steps() > kMostTicks; ++i) step *= kNext[i % kNext.size()];
  const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
  const auto first = static_cast<long>(std::ceil(from / step - 1e-9));
  const auto last = static_cast<long>(std::floor(to / step + 1e-9));
  for (long i = first; i <= last; ++i) {
    const double at = static_cast<double>(i) * step;
    axis.ticks.push_back({at, with_minus_sign(fixed_text(at, decimals))});
  }
  return axis;
}

SvgPlot::SvgPlot(std::string title, PlotAxis x, PlotAxis y)
    : title_(std::move(title)), x_(std::move(x)), y_(std::move(y)) {}

std::string SvgPlot::place(PlotPoint point) const {
  return number(across(x_, point.x)) + "," + number(down(y_, point.y));
}

void SvgPlot::add_legend(std::string sample, std::string_view text) {
  const double y = kLegendTop + kLegendLine * static_cast<double>(legend_lines_++);
  legend_ += "<g transform=\"translate(" + number(kLeft) + "," + number(y) + ")\">" + sample +
             text_element("label", 52, 5, text) + "</g>";
}

void SvgPlot::line(std::span<const PlotPoint> points, LineStyle style, std::string_view legend) {
  std::vector<GridPoint> grid;
  for (const PlotPoint& point : points) {
    if (!is_finite(point)) continue;
    add_point(grid, {std::lround(10 * across(x_, point.x)), std::lround(10 * down(y_, point.y))});
  }
  const std::string style_class(class_of(style));
  drawn_ += "<polyline class=\"" + style_class + "\" points=\"";
  for (size_t i = 0; i < grid.size(); ++i) {
    if (i > 0) drawn_ += ' ';
    drawn_ += number(static_cast<double>(grid[i].x) / 10) + "," +
              number(static_cast<double>(grid[i].y) / 10);
  }
  drawn_ += "\"/>";
  add_legend(line_element(style_class, 0, 0, 42, 0), legend);
}

void SvgPlot::guide(PlotPoint from, PlotPoint to, std::string_view legend) {
  drawn_ +=
      line_element("guide", across(x_, from.x), down(y_, from.y), across(x_, to.x), down(y_, to.y));
  if (!legend.empty()) add_legend(line_element("guide", 0, 0, 42, 0), legend);
}

void SvgPlot::rings(std::span<const PlotPoint> points, std::string_view legend) {
  const auto ring = [](double x, double y) {
    return "<circle class=\"ring\"" + attribute("cx", x) + attribute("cy", y) + " r=\"4.5\"/>";
  };
  for (const PlotPoint& point : points) {
    if (is_finite(point)) drawn_ += ring(across(x_, point.x), down(y_, point.y));
  }
  add_legend(ring(21, 0), legend);
}

void SvgPlot::over_top(std::span<const PlotTick> texts) {
  for (const PlotTick& text : texts) {
    drawn_ += text_element("tiny middle", across(x_, text.at), kTop - 9, text.label);
  }
}

std::string SvgPlot::svg() const {
  const double height = kLegendTop + kLegendLine * static_cast<double>(legend_lines_) - 6;
  std::string out = "<svg class=\"plot\" role=\"img\" viewBox=\"0 0 " + number(kWidth) + " " +
                    number(height) + "\"><title>" + escape_html(title_) + "</title>";
  for (const PlotTick& tick : x_.ticks) {
    const double x = across(x_, tick.at);
    out += line_element("grid", x, kTop, x, kBottom);
    out += line_element("axis", x, kBottom, x, kBottom + 5);
    out += text_element("label middle", x, kBottom + 21, tick.label);
  }
  for (const PlotTick& tick : y_.ticks) {
    const double y = down(y_, tick.at);
    out += line_element("grid", kLeft, y, kLeft + kPlotWidth, y);
    out += line_element("axis", kLeft - 5, y, kLeft, y);
    out += text_element("label end", kLeft - 9, y + 5, tick.label);
  }
  out += drawn_;
  out += "<rect class=\"frame\"" + attribute("x", kLeft) + attribute("y", kTop) +
         attribute("width", kPlotWidth) + attribute("height", kPlotHeight) + "/>";
  out += text_element("label middle", kLeft + kPlotWidth / 2, kBottom + 44, x_.label);
  out += "<g transform=\"translate(15," + number(kTop + kPlotHeight / 2) + ") rotate(-90)\">" +
         text_element("label middle", 0, 0, y_.label) + "</g>";
  return out + legend_ + "</svg>";
}

}  // namespace safelight::synthesis
