#include "safelight/synthesis/evaluation_report/evaluation_page.h"

#include "safelight/base/base64.h"
#include "safelight/base/html_text.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/synthesis/evaluation_report/internal/page_detector.h"
#include "safelight/synthesis/evaluation_report/internal/page_set.h"
#include "safelight/synthesis/evaluation_report/internal/page_style.h"

namespace safelight::synthesis {
namespace {

std::string head() {
  const std::string_view style = page_style();
  const Sha256 digest = sha256_of(std::as_bytes(std::span(style)));
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
         "'sha256-" +
         base64(digest.bytes, Padding::keep) +
         "'; base-uri 'none'; form-action 'none'\">\n"
         "<meta name=\"referrer\" content=\"no-referrer\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<title>Safelight evaluation of detectors</title>\n<style>" +
         std::string(style) + "</style>\n</head>\n<body>\n";
}

std::string banner(const Evaluation& evaluation, std::string_view tool_version) {
  constexpr size_t kShortHash = 16;
  std::string out =
      "<header><p class=\"eyebrow\">Safelight " + escape_html(tool_version) +
      "</p><h1>Camera or generated: an evaluation of detectors</h1>\n<p class=\"eyebrow\">Manifest "
      "<span class=\"mono\">" +
      to_hex(evaluation.manifest).substr(0, kShortHash) + "&hellip;</span>, seed " +
      std::to_string(evaluation.options.seed) +
      "</p>\n<nav aria-label=\"Sections\"><a href=\"#what\">What this is</a> <a "
      "href=\"#warnings\">Warnings</a> <a href=\"#headline\">Headline</a> ";
  if (evaluation.fusion) out += "<a href=\"#fusion\">Fusion</a> ";
  out += "<a href=\"#references\">Reference pictures</a>";
  for (size_t i = 0; i < evaluation.detectors.size(); ++i) {
    out += " <a href=\"#detector-" + std::to_string(i + 1) + "\">" +
           escape_html(evaluation.detectors[i].detector.name) + "</a>";
  }
  return out +
         " <a href=\"#methods\">Methods</a> <a href=\"#reproduce\">How to reproduce "
         "it</a></nav></header>\n";
}

}  // namespace

std::string evaluation_page(const Evaluation& evaluation, std::string_view tool_version) {
  std::string out = head() + banner(evaluation, tool_version) + "<main>\n" + introduction() +
                    warnings_section(evaluation) + headline_section(evaluation) +
                    legend_section(evaluation.options) + fusion_section(evaluation) +
                    references_section(evaluation);
  for (size_t i = 0; i < evaluation.detectors.size(); ++i) {
    out += detector_section(evaluation.detectors[i], evaluation.references, i + 1);
  }
  out += methods_section() + reproduction_section(evaluation, tool_version);
  return out + "</main>\n</body>\n</html>\n";
}

}  // namespace safelight::synthesis
