#include "safelight/synthesis/evaluation_report/internal/figures.h"

#include <cmath>

#include "safelight/base/html_text.h"
#include "safelight/base/number_text.h"
#include "safelight/synthesis/likelihood/intervals/proportion_interval.h"

namespace safelight::synthesis {
namespace {

constexpr int kDecimals = 3;

std::string with_interval(double figure, const Interval& interval) {
  if (std::isnan(figure)) return shown(figure);
  return shown(figure) + "<span class=\"interval\">" + shown(interval.lower) + "&ndash;" +
         shown(interval.upper) + "</span>";
}

}  // namespace

std::string shown(double figure) {
  if (std::isnan(figure)) return "&ndash;";
  if (std::isinf(figure)) return figure > 0 ? "&infin;" : "&minus;&infin;";
  return with_minus_sign(fixed_text(figure, kDecimals));
}

std::string shown(const BootstrapInterval& figure) {
  return with_interval(figure.estimate, figure.interval);
}

std::string shown(const Proportion& proportion) {
  if (proportion.of == 0) return shown(proportion.share());
  return with_interval(proportion.share(), wilson_interval(proportion));
}

std::string in_a_sentence(const BootstrapInterval& figure) {
  return shown(figure.estimate) + " (" + shown(figure.interval.lower) + " to " +
         shown(figure.interval.upper) + ")";
}

std::string shown_condition(std::string_view name) {
  std::string out;
  for (const char c : escape_html(name)) {
    out += c;
    if (c == '_') out += "<wbr>";
  }
  return out;
}

std::string counted(size_t number, std::string_view one, std::string_view many) {
  return grouped(number) + " " + std::string(number == 1 ? one : many);
}

}  // namespace safelight::synthesis
