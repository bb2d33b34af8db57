#include "safelight/synthesis/evaluation_report/internal/page_plots.h"

#include <string_view>

#include "safelight/base/html_text.h"
#include "safelight/synthesis/evaluation_report/internal/curves.h"
#include "safelight/synthesis/evaluation_report/plots/cross_entropy_plot.h"
#include "safelight/synthesis/evaluation_report/plots/pav_plot.h"
#include "safelight/synthesis/evaluation_report/plots/reliability_plot.h"
#include "safelight/synthesis/evaluation_report/plots/roc_plot.h"
#include "safelight/synthesis/evaluation_report/plots/tippett_plot.h"

namespace safelight::synthesis {
namespace {

std::string figure(std::string_view title, std::string_view reading, const std::string& plot) {
  return "<figure><figcaption><b>" + std::string(title) + "</b> " + std::string(reading) +
         "</figcaption>\n" + plot + "</figure>\n";
}

}  // namespace

std::string plots_of(const DetectorEvaluation& detector, std::span<const Reference> references) {
  std::string out = "<h3>Plots</h3>\n";
  if (detector.headline.empty()) {
    return out + "<p>None: no condition may stand first.</p>\n";
  }
  const Curves curves = curves_of(references, detector.headline_scores);
  if (curves.is_empty()) {
    return out + "<p>None: no picture of one of the classes has a held-out score.</p>\n";
  }
  out += "<p>Of the headline's condition, <b>" + escape_html(detector.headline) +
         "</b>, with one source left out at a time.</p>\n<div class=\"plots\">\n";
  out += figure("Tippett plot.",
                "How many pictures have a ratio of at least so much. To the right of 0 ratios "
                "support a camera: the dashed curve there is misleading evidence, and so is what "
                "the solid curve lacks of 1 at 0.",
                tippett_plot(curves));
  out += figure("PAV map.",
                "What the ratios would be after the best non-decreasing change (pool adjacent "
                "violators). Near the thin line the ratios mean what they say.",
                pav_plot(curves));
  out += figure("Reliability.",
                "The probability that the ratios give for a camera, and how often it was one. "
                "Near the thin line both are alike.",
                reliability_plot(curves));
  out += figure("Empirical cross-entropy.",
                "What is not known after the ratios, over the prior odds (not the expected "
                "calibration error). Where the solid curve is over the dotted one, the ratios do "
                "harm; at 0 it is the Cllr.",
                cross_entropy_plot(curves));
  out += figure("ROC curve.",
                "Generated pictures called so against camera pictures called generated, over all "
                "thresholds of the score.",
                roc_plot(curves));
  return out + "</div>\n";
}

}  // namespace safelight::synthesis
