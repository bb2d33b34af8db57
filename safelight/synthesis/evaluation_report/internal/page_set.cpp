#include "safelight/synthesis/evaluation_report/internal/page_set.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "safelight/base/html_text.h"
#include "safelight/base/number_text.h"
#include "safelight/synthesis/evaluation_report/internal/cell_table.h"
#include "safelight/synthesis/evaluation_report/internal/figures.h"
#include "safelight/synthesis/evaluation_report/internal/headline.h"
#include "safelight/synthesis/evaluation_report/internal/source_counts.h"
#include "safelight/synthesis/evaluation_report/internal/warnings.h"
#include "safelight/synthesis/evaluation_report/internal/words.h"

namespace safelight::synthesis {
namespace {

constexpr size_t kMostRows = 200;  // Of a list; the JSON file has all.

struct Described {
  std::string_view what;
  std::string_view text;  ///< HTML, as is `what`.
};

void add_list(std::string& out, std::span<const Described> list) {
  out += "<dl>\n";
  for (const Described& one : list) {
    out += "<dt>";
    out += one.what;
    out += "</dt><dd>";
    out += one.text;
    out += "</dd>\n";
  }
  out += "</dl>\n";
}

std::string rest_of(size_t rows) {
  return rows <= kMostRows
             ? ""
             : "<p>And " + grouped(rows - kMostRows) + " more, which the JSON file lists.</p>\n";
}

std::string sources_table(const SetCounts& counts) {
  using Row = std::pair<std::string, NumberByClass>;
  std::vector<Row> rows(counts.by_source.begin(), counts.by_source.end());
  std::ranges::stable_sort(rows, std::greater<>(),
                           [](const Row& row) { return row.second.camera + row.second.generated; });
  std::string out =
      "<div class=\"scroll\"><table class=\"narrow\"><thead><tr><th scope=\"col\">Source</th><th "
      "scope=\"col\" class=\"n\">Camera n</th><th scope=\"col\" class=\"n\">Generated n</th></tr>"
      "</thead>\n<tbody>\n";
  for (size_t i = 0; i < std::min(rows.size(), kMostRows); ++i) {
    out += "<tr><th scope=\"row\">" + escape_html(rows[i].first) + "</th><td class=\"n\">" +
           grouped(rows[i].second.camera) + "</td><td class=\"n\">" +
           grouped(rows[i].second.generated) + "</td></tr>\n";
  }
  return out + "</tbody></table></div>\n" + rest_of(rows.size());
}

std::string left_out_table(const std::vector<LeftOut>& left_out) {
  std::string out =
      "<div class=\"scroll\"><table class=\"narrow\"><thead><tr><th scope=\"col\">File</th><th "
      "scope=\"col\">Why</th></tr></thead>\n<tbody>\n";
  for (size_t i = 0; i < std::min(left_out.size(), kMostRows); ++i) {
    out += "<tr><th scope=\"row\">" + escape_html(left_out[i].path) + "</th><td>" +
           escape_html(left_out[i].reason) + "</td></tr>\n";
  }
  return out + "</tbody></table></div>\n" + rest_of(left_out.size());
}

}  // namespace

std::string introduction() {
  std::string out = "<section id=\"what\"><h2>What this is</h2>\n<p>";
  out +=
      "How well detectors of generated pictures did on reference pictures whose origin is known. "
      "A detector gives a score; what a score is worth is learnt from pictures of other sources "
      "than the one that is judged. The result is a likelihood ratio: how much more probable the "
      "score is under H1 than under H2. A log10 ratio over 0 supports H1, one under 0 supports "
      "H2.</p>\n";
  add_list(out, std::vector<Described>{{"H1", kH1}, {"H2", kH2}, {"Neither", kNotCovered}});
  out += "<p class=\"scope\"><b>";
  out += kScope;
  return out +
         "</b> They say nothing of a generator, a camera or a kind of processing that is not in "
         "it. What speaks for H2 never shows that nobody was harmed: it lowers no file in the "
         "order of review.</p></section>\n";
}

std::string warnings_section(const Evaluation& evaluation) {
  const std::vector<std::string> warnings = warnings_of(evaluation);
  std::string out = "<section id=\"warnings\"><h2>Warnings</h2>\n";
  if (warnings.empty()) return out + "<p>None.</p></section>\n";
  out += "<ul class=\"warnings\">\n";
  for (const std::string& warning : warnings) out += "<li>" + warning + "</li>\n";
  return out + "</ul></section>\n";
}

std::string headline_section(const Evaluation& evaluation) {
  CellTable table;
  table.first_heading = "Detector, condition";
  table.add_columns(main_columns());
  table.extra_headings = {"Camera left to the last tenth"};
  for (size_t i = 0; i < evaluation.detectors.size(); ++i) {
    const DetectorEvaluation& detector = evaluation.detectors[i];
    CellRow row;
    row.name = "<a href=\"#detector-" + std::to_string(i + 1) + "\">" +
               escape_html(detector.detector.name) + "</a><span class=\"second\">" +
               escape_html(detector.headline) + "</span>";
    row.cell = headline_cell(detector);
    row.instead = "no condition may stand first";
    const TriageRow* triage = headline_triage(detector);
    row.extra = {triage == nullptr ? "&ndash;" : shown(triage->last_tenth)};
    table.rows.push_back(std::move(row));
  }
  return "<section id=\"headline\"><h2>Headline</h2>\n<p>With one source left out at a time: no "
         "picture is judged by what was learnt from its own source.</p>\n" +
         table.html() + "</section>\n";
}

std::string legend_section(const EvaluationOptions& options) {
  const std::string intervals =
      "95&nbsp;% intervals stand under a figure. Of AUC and Cllr they are by a bootstrap that "
      "draws "
      "whole sources (" +
      counted(options.replicates, "replicate", "replicates") +
      "), because pictures of one source are alike; of shares by Wilson's method.";
  const std::vector<Described> list = {
      {"n",
       "pictures of the class that were assessed. <i>Not assessed</i>: camera + generated "
       "pictures of which the detector said nothing, or which no fold tests."},
      {"AUC",
       "the probability that a generated picture has a larger score than a camera's: 0.5 is "
       "chance, 1 is perfect."},
      {"TP at 1&nbsp;% FP",
       "the share of generated pictures called so by a threshold that calls "
       "at most 1&nbsp;% of the camera pictures generated."},
      {"TP / FP, fixed",
       "the shares of generated and, below, of camera pictures that are called "
       "generated by a threshold that was fixed on clean material."},
      {"Balanced acc.",
       "the mean share of both classes that is called what it is where a log10 ratio under 0 is "
       "called generated. A ratio of exactly 1, which a bound can give to many pictures, is not."},
      {"Cllr",
       "what the ratios cost whoever decides by them: 0 is perfect, 1 is what it costs to "
       "know nothing, over 1 they do harm. <i>Cllr_min</i>: the part that the order of the "
       "scores costs; <i>Cllr_cal</i>: the part that a better calibration would save."},
      {"Misleading", "the share of a class whose ratio supports the proposition that is not true."},
      {"Last tenth",
       "camera pictures left to the last tenth of a queue ordered by score (the "
       "dangerous error): 0.1 is what no order gives."},
      {"Intervals", intervals},
      {"&ndash;",
       "cannot be measured: no picture of one of the classes was assessed there, or, of "
       "those decided, none was decided."},
  };
  std::string out = "<section id=\"legend\"><h2>How to read the tables</h2>\n";
  add_list(out, list);
  return out + "</section>\n";
}

std::string fusion_section(const Evaluation& evaluation) {
  if (!evaluation.fusion) return "";
  const FusionCheck& check = *evaluation.fusion;
  std::string out =
      "<section id=\"fusion\"><h2>Fusion</h2>\n<p>The detectors weighed together by logistic "
      "regression of their calibrated log10 ratios, so that errors which they share count once. "
      "Cllr with one generator left out at a time, of the pictures that all of them can "
      "assess.</p>\n<div class=\"scroll\"><table class=\"narrow\"><thead><tr><th "
      "scope=\"col\">Detector</th><th scope=\"col\" class=\"n\">Weight of its log10 ratio</th><th "
      "scope=\"col\" class=\"n\">Cllr</th></tr></thead>\n<tbody>\n";
  const auto row = [&](const std::string& name, const std::string& weight, double cost) {
    out += "<tr><th scope=\"row\">" + name + "</th><td class=\"n\">" + weight +
           "</td><td class=\"n\">" + shown(cost) + "</td></tr>\n";
  };
  for (size_t i = 0; i < check.member_cllrs.size(); ++i) {
    const FusionMember& member = check.fusion.members[i];
    row(escape_html(member.detector.name), shown(member.weight), check.member_cllrs[i]);
  }
  row("<b>Together</b>", "", check.cllr);
  return out + "</tbody></table></div>\n<p><b>" +
         (check.pays() ? "It costs less than each of them alone: <code>safelight calibrate</code> "
                         "writes a calibration of it.</b>"
                       : "It is not to be used:</b> it does not cost less than each of them alone, "
                         "or reads one of them against itself.") +
         "</p></section>\n";
}

std::string references_section(const Evaluation& evaluation) {
  const SetCounts counts = count_references(evaluation.references);
  std::string out = "<section id=\"references\"><h2>Reference pictures</h2>\n<p>";
  out += "Examined: <b>" + grouped(counts.pictures.camera) + "</b> camera pictures of " +
         counted(counts.sources.camera, "source", "sources") + " and <b>" +
         grouped(counts.pictures.generated) + "</b> generated pictures of " +
         counted(counts.sources.generated, "source", "sources") + ".</p>\n";
  if (!counts.by_source.empty()) out += sources_table(counts);
  out += "<h3>Confound check</h3>\n<p>" + meaning_of(evaluation.confounds) + "</p>\n";
  out += "<h3 id=\"left-out\">Left out</h3>\n";
  out += evaluation.left_out.empty() ? "<p>No file.</p>\n" : left_out_table(evaluation.left_out);
  return out + "</section>\n";
}

std::string methods_section() {
  constexpr auto kList = std::to_array<Described>({
      {"Calibration",
       "logistic, each class counting half: Platt, Probabilistic Outputs for "
       "Support Vector Machines, 1999; Br&uuml;mmer and du Preez, Computer Speech "
       "and Language 20, 2006. Ratios are bounded by what the number of references "
       "supports (ELUB): Vergeer et al., Science and Justice 56, 2016."},
      {"Cllr, Cllr_min, Cllr_cal",
       "Br&uuml;mmer and du Preez 2006. The PAV transform: Ayer et al., "
       "Annals of Mathematical Statistics 26, 1955."},
      {"Empirical cross-entropy",
       "Ramos, Gonzalez-Rodriguez, Zadora and Aitken, Journal of "
       "Forensic Sciences 58, 2013."},
      {"Expected calibration error",
       "Naeini, Cooper and Hauskrecht, AAAI 2015, over 10 bins. "
       "Another thing than the empirical cross-entropy."},
      {"Brier score",
       "Brier, Monthly Weather Review 78, 1950: 1/4 is what it costs to know "
       "nothing."},
      {"Tippett plot", "Evett and Buckleton, Statistical analysis of STR data, 1996."},
      {"Bootstrap over sources",
       "Davison and Hinkley, Bootstrap Methods and their Application, "
       "1997, section 3.8; Field and Welsh, Journal of the Royal "
       "Statistical Society B 69, 2007. With few sources it is too "
       "narrow."},
      {"Shares", "Wilson, Journal of the American Statistical Association 22, 1927."},
      {"Abstention",
       "decisions of which, in every generator and every source of camera pictures, "
       "at most 5&nbsp;% are certified to be wrong, with a confidence of 95&nbsp;%: "
       "Clopper and Pearson, Biometrika 26, 1934; Bates et al., Journal of the ACM "
       "68, 2021. It does not hold for a generator that is not in the set."},
      {"Confound check",
       "a logistic model of size, format, compression and the presence of "
       "metadata, with one source left out at a time."},
  });
  std::string out = "<section id=\"methods\"><h2>Methods and sources</h2>\n";
  add_list(out, kList);
  return out + "</section>\n";
}

std::string reproduction_section(const Evaluation& evaluation, std::string_view tool_version) {
  const auto mono = [](const std::string& text) {
    return "<span class=\"mono\">" + text + "</span>";
  };
  const std::string manifest = mono(to_hex(evaluation.manifest));
  const std::string seed = mono(std::to_string(evaluation.options.seed));
  const std::string replicates = grouped(evaluation.options.replicates);
  const std::string version = escape_html(tool_version);
  std::string detectors;
  for (const DetectorEvaluation& detector : evaluation.detectors) {
    detectors += escape_html(detector.detector.name) + ": model " +
                 mono(to_hex(detector.detector.model)) + ", preprocessing " +
                 mono(to_hex(detector.detector.preprocessing)) + "<br>\n";
  }
  if (detectors.empty()) detectors = "none";
  std::string out =
      "<section id=\"reproduce\"><h2>How to reproduce it</h2>\n<p>The same manifest and files, "
      "detectors, seed, replicates and version of the program give this page to the byte, whatever "
      "the number of threads.</p>\n";
  add_list(out, std::vector<Described>{{"Manifest, SHA-256", manifest},
                                       {"Seed", seed},
                                       {"Bootstrap replicates", replicates},
                                       {"Safelight", version},
                                       {"Detectors, SHA-256", detectors}});
  return out + "</section>\n";
}

}  // namespace safelight::synthesis
