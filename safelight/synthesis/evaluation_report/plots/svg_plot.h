#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace safelight::synthesis {

struct PlotPoint {
  double x = 0;
  double y = 0;
};

struct PlotTick {
  double at = 0;
  std::string label;
};

struct PlotAxis {
  std::string label;
  double from = 0;  ///< Less than `to`.
  double to = 1;
  std::vector<PlotTick> ticks;
};

/// An axis with ticks at round numbers, nine at most.
[[nodiscard]] PlotAxis round_axis(std::string label, double from, double to);

/// Told apart by their dashes as well as by their colours.
enum class LineStyle : uint8_t { first, second, third };

/// A drawing with axes, a grid and a legend, as SVG that stands in an HTML page and takes its
/// colours from the classes of that page's style. The legend stands under the axes, where no curve
/// runs.
class SvgPlot {
 public:
  /// `title` is read out where the drawing cannot be seen.
  SvgPlot(std::string title, PlotAxis x, PlotAxis y);

  /// Points that are not finite are left out. All others lie within the axes.
  void line(std::span<const PlotPoint> points, LineStyle style, std::string_view legend);
  /// A thin line that is no measurement, such as the diagonal; without a legend where it is "".
  void guide(PlotPoint from, PlotPoint to, std::string_view legend);
  /// A ring at each point that is finite.
  void rings(std::span<const PlotPoint> points, std::string_view legend);
  /// Small texts over the top edge, such as the number of pictures in a bin.
  void over_top(std::span<const PlotTick> texts);

  [[nodiscard]] std::string svg() const;

 private:
  [[nodiscard]] std::string place(PlotPoint point) const;
  void add_legend(std::string sample, std::string_view text);

  std::string title_;
  PlotAxis x_;
  PlotAxis y_;
  std::string drawn_;
  std::string legend_;
  size_t legend_lines_ = 0;
};

}  // namespace safelight::synthesis
