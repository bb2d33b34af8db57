#include "safelight/synthesis/evaluation_report/internal/page_detector.h"

#include <optional>
#include <string_view>
#include <utility>

#include "safelight/base/html_text.h"
#include "safelight/base/number_text.h"
#include "safelight/synthesis/evaluation_report/internal/cell_table.h"
#include "safelight/synthesis/evaluation_report/internal/figures.h"
#include "safelight/synthesis/evaluation_report/internal/page_plots.h"
#include "safelight/synthesis/evaluation_report/internal/words.h"

namespace safelight::synthesis {
namespace {

std::string part(std::string_view title, std::string_view text) {
  return "<h3>" + std::string(title) + "</h3>\n<p>" + std::string(text) + "</p>\n";
}

std::string identity_of(const DetectorEvaluation& detector) {
  // What is fitted in each fold has no model of its own.
  const std::string model =
      detector.learning == Learning::none
          ? "<span class=\"mono\">" + to_hex(detector.detector.model) + "</span>"
          : "another in each fold";
  return "<p class=\"identity\">Model: " + model + "<br>\nPreprocessing: <span class=\"mono\">" +
         to_hex(detector.detector.preprocessing) + "</span></p>\n";
}

std::string splits_of(const DetectorEvaluation& detector) {
  CellTable table;
  table.first_heading = "What is held out";
  table.add_columns(main_columns());
  table.extra_headings = {"Folds"};
  for (const SplitRow& split : detector.splits) {
    CellRow row;
    row.name = in_words(split.split);
    if (is_optimistic(split.split)) {
      row.name += " <span class=\"tag\">OPTIMISTIC</span>";
      row.style = RowStyle::optimistic;
    }
    row.cell = split.cell ? &*split.cell : nullptr;
    row.instead = split.split == Split::by_date
                      ? "not possible: it takes dates, and both classes in either half"
                      : "not possible: too little would be left to learn from";
    row.extra = {grouped(split.folds)};
    table.rows.push_back(std::move(row));
  }
  return part("Splits",
              "Of the pictures as they are. In the row marked OPTIMISTIC each source is on both "
              "sides: it says more than a case could hope for, and stands here to show by how "
              "much.") +
         table.html();
}

/// A row a condition.
CellTable conditions_table(const std::vector<ConditionRow>& conditions) {
  CellTable table;
  table.first_heading = "Condition";
  for (const ConditionRow& condition : conditions) {
    table.rows.push_back({shown_condition(condition.condition), &condition.cell, {}, {}, {}});
  }
  return table;
}

std::string sweep_of(const DetectorEvaluation& detector) {
  CellTable table = conditions_table(detector.sweep);
  table.add_columns(main_columns());
  table.add_columns(fixed_columns());
  const auto threshold = [&](size_t i) {
    const double at = detector.fixed.points[i].threshold;
    return "<b>" + (at == at ? with_minus_sign(significant_text(at, 4)) : shown(at)) + "</b>";
  };
  return part("Sweep of ordinary processing",
              "With one source left out at a time. Model, calibration and thresholds are fixed on "
              "clean pictures, as they would be in a case where the processing is not known; the "
              "thresholds are scores of " +
                  threshold(0) + " (1&nbsp;% FP) and " + threshold(1) + " (5&nbsp;% FP).") +
         table.html();
}

std::string equalised_of(const DetectorEvaluation& detector) {
  std::string out =
      part("Equalised",
           "Both classes have had the same resizing and JPEG compression, so that size and format "
           "tell nothing; with one source left out at a time, calibrated in the condition itself.");
  if (detector.equalised.empty()) return out + "<p>Not examined.</p>\n";
  CellTable table = conditions_table(detector.equalised);
  table.add_columns(main_columns());
  return out + table.html();
}

std::string_view heading_of(GroupKind kind) {
  switch (kind) {
    case GroupKind::generator:
      return "Generator, against all camera pictures";
    case GroupKind::camera_maker:
      return "Camera maker, against all generated pictures";
    case GroupKind::size:
      break;
  }
  return "Longer side (large: 1,000 pixels or more)";
}

std::string groups_of(const DetectorEvaluation& detector) {
  std::string out =
      part("Groups", detector.headline.empty()
                         ? "Of the pictures as they are. The worst by AUC of each kind is bold."
                         : "Of the headline's condition, <b>" + escape_html(detector.headline) +
                               "</b>. The worst by AUC of each kind is bold.");
  for (const GroupKind kind : {GroupKind::generator, GroupKind::camera_maker, GroupKind::size}) {
    CellTable table;
    table.first_heading = heading_of(kind);
    table.add_columns(main_columns());
    for (const GroupRow& group : detector.groups) {
      if (group.kind != kind) continue;
      CellRow row{escape_html(group.name), &group.cell, {}, {}, {}};
      if (group.is_worst) {
        row.style = RowStyle::worst;
        row.name += " <span class=\"tag\">worst</span>";
      }
      table.rows.push_back(std::move(row));
    }
    if (!table.rows.empty()) out += table.html();
  }
  return out;
}

/// The cell of a condition of the triage, for its n.
const Cell* cell_of(const DetectorEvaluation& detector, const std::string& condition) {
  for (const auto* rows : {&detector.equalised, &detector.sweep}) {
    for (const ConditionRow& row : *rows) {
      if (row.condition == condition) return &row.cell;
    }
  }
  return nullptr;
}

std::string triage_of(const DetectorEvaluation& detector) {
  CellTable table;
  table.first_heading = "Condition";
  table.add_columns(main_columns().first(2));
  table.extra_headings = {"Reached in the first 5&nbsp;%", "10&nbsp;%", "20&nbsp;%", "50&nbsp;%",
                          "Camera pictures left to the last tenth (the dangerous error)"};
  for (const TriageRow& triage : detector.triage) {
    CellRow row;
    row.name = shown_condition(triage.condition);
    row.cell = cell_of(detector, triage.condition);
    row.instead = "&ndash;";
    for (const double share : triage.first) row.extra.push_back(shown(share));
    row.extra.push_back("<b>" + shown(triage.last_tenth) + "</b>");
    table.rows.push_back(std::move(row));
  }
  return part("Triage",
              "The share of the camera pictures that a person reaches in the first part of a queue "
              "that is ordered by score, most like a camera's first. Without any order the share "
              "is that of the queue.") +
         table.html();
}

/// Where one class begins to be called, and the group of the other class that decided it.
std::string side_of(std::string_view called, std::string_view where,
                    const CertifiedThreshold& threshold, std::string_view kind,
                    const CertifiedGroup& group) {
  std::string out = "A picture is called " + std::string(called);
  const std::string name = std::string(kind) + " <b>" + escape_html(group.name) + "</b>";
  // What is certified are log10 ratios, negated.
  if (threshold.threshold) {
    return out + " where its log10 ratio is " + std::string(where) + " <b>" +
           shown(-*threshold.threshold) + "</b>: " + name + " (n = " + grouped(group.pictures) +
           ") decided that, which is taken for the other most easily.";
  }
  return out + " never: of " + name + " there are held-out ratios of " + grouped(group.pictures) +
         (group.pictures == 1 ? " picture" : " pictures") + " only, and with fewer than " +
         grouped(least_group_size({})) + " no such rate can be certified.";
}

std::string abstention_of(const FixedDecisions& fixed) {
  if (!fixed.abstention) return "None can be made: a class has no held-out ratio.";
  return side_of("a camera's", "over", fixed.abstention->camera_below, "the generator",
                 fixed.camera_decided_by) +
         " " +
         side_of("generated", "at most", fixed.abstention->generated_from, "the camera pictures of",
                 fixed.generated_decided_by) +
         " All others are left undecided.";
}

std::string calibration_of(const DetectorEvaluation& detector) {
  CellTable table = conditions_table(detector.sweep);
  table.add_columns(calibration_columns());
  for (const ConditionRow& condition : detector.equalised) {
    table.rows.push_back({shown_condition(condition.condition) +
                              " <span class=\"second\">calibrated in itself</span>",
                          &condition.cell,
                          {},
                          {},
                          {}});
  }
  return part("Calibration and abstention",
              "With one source left out at a time. The decisions are made on clean pictures so "
              "that, in each generator and each source of camera pictures there, at most 5&nbsp;% "
              "are certified to be called wrongly. " +
                  abstention_of(detector.fixed)) +
         table.html();
}

}  // namespace

std::string detector_section(const DetectorEvaluation& detector,
                             std::span<const Reference> references, size_t number) {
  return "<section class=\"detector\" id=\"detector-" + std::to_string(number) +
         "\"><h2>Detector: " + escape_html(detector.detector.name) + "</h2>\n<p>" +
         std::string(in_words(detector.learning)) + "</p>\n" + identity_of(detector) +
         splits_of(detector) + sweep_of(detector) + equalised_of(detector) + groups_of(detector) +
         triage_of(detector) + calibration_of(detector) + plots_of(detector, references) +
         "</section>\n";
}

}  // namespace safelight::synthesis
