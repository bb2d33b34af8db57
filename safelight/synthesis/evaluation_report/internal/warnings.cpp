#include "safelight/synthesis/evaluation_report/internal/warnings.h"

#include <cmath>
#include <string_view>

#include "safelight/base/html_text.h"
#include "safelight/base/number_text.h"
#include "safelight/synthesis/calibration/gate.h"
#include "safelight/synthesis/evaluation_report/internal/figures.h"
#include "safelight/synthesis/evaluation_report/internal/headline.h"
#include "safelight/synthesis/evaluation_report/internal/source_counts.h"
#include "safelight/synthesis/evaluation_report/internal/words.h"

namespace safelight::synthesis {
namespace {

class Warnings {
 public:
  std::vector<std::string> of(const Evaluation& evaluation) {
    if (evaluation.references.empty()) add("No reference picture", "was examined.");
    if (evaluation.detectors.empty()) add("No detector", "was evaluated.");
    if (evaluation.confounds.is_flagged()) {
      add("Flagged by the confound check.", meaning_of(evaluation.confounds));
    }
    for (const DetectorEvaluation& detector : evaluation.detectors) add_of(detector);
    if (!evaluation.references.empty()) add_of(count_references(evaluation.references));
    if (!evaluation.left_out.empty()) {
      add(counted(evaluation.left_out.size(), "file", "files") + " left out",
          "and not in any figure: <a href=\"#left-out\">which, and why</a>.");
    }
    return std::move(warnings_);
  }

 private:
  /// Both are HTML.
  void add(std::string_view what, std::string_view more) {
    warnings_.push_back("<b>" + std::string(what) + "</b> " + std::string(more));
  }

  void add_of(const SetCounts& counts) {
    const auto check = [&](std::string_view name, size_t pictures, size_t sources) {
      if (pictures >= kMinPictures && sources >= kMinSources) return;
      add("Too few " + std::string(name) + " pictures:",
          grouped(pictures) + " of " + counted(sources, "source", "sources") +
              ". With fewer than " + grouped(kMinPictures) + " pictures or " +
              grouped(kMinSources) +
              " sources a class, no figure here carries a likelihood ratio in a case.");
    };
    check("camera", counts.pictures.camera, counts.sources.camera);
    check("generated", counts.pictures.generated, counts.sources.generated);
  }

  void add_of(const DetectorEvaluation& detector) {
    const std::string name = escape_html(detector.detector.name);
    const Cell* cell = headline_cell(detector);
    if (detector.is_constant) {
      add(name + " is constant:", "every score is the same, so that it says nothing of a picture.");
    }
    if (cell == nullptr) {
      add(name + " has no headline:",
          "the set is flagged, and was not examined in an equalised condition.");
    } else {
      add_of_direction(name, *cell);
    }
    const Cell* deciding = detector.equalised.empty() ? cell : detector.equalised_cell();
    if (deciding != nullptr) add_of_weight(name, *deciding);
    for (const OutlierSource& outlier : detector.outliers) {
      add(name + ", source " + escape_html(outlier.source) + ":",
          grouped(outlier.misleading.count) + " of " +
              counted(outlier.misleading.of, "ratio misleads", "ratios mislead") + ", but " +
              grouped(outlier.elsewhere.count) + " of " + grouped(outlier.elsewhere.of) +
              " elsewhere. Its labels may be swapped, or it holds something else than the rest: "
              "look at its pictures.");
    }
    for (const SplitRow& row : detector.splits) {
      if (row.failed_folds == 0) continue;
      add(name + ", " + std::string(in_words(row.split)) + ":",
          "of " + counted(row.folds, "fold", "folds") + " " + grouped(row.failed_folds) +
              " could not be learnt or calibrated; the pictures held out there count as not "
              "assessed.");
    }
  }

  void add_of_direction(const std::string& name, const Cell& cell) {
    if (cell.auc.interval.upper < 0.5) {
      add(name + " points the wrong way:",
          "camera pictures have the larger scores (AUC " + in_a_sentence(cell.auc) +
              "). It is no detector for this material, or the labels are swapped.");
    }
  }

  /// By the rule of the gate (calibration/gate.h).
  void add_of_weight(const std::string& name, const Cell& cell) {
    if (std::isnan(cell.cllr.estimate)) {
      add(name + " gives no ratio in a case:",
          "what its ratios cost on unseen sources cannot be measured.");
      return;
    }
    if (cell.cllr.estimate <= kMaxGateCllr && cell.cllr.interval.upper < 1) return;
    add(name + " gives no ratio in a case:",
        "Cllr " + in_a_sentence(cell.cllr) + " on unseen sources, where at most " +
            fixed_text(kMaxGateCllr, 1) +
            " is asked for, with an interval under 1, which is what ratios cost that say nothing. "
            "Its scores are cues at most.");
  }

  std::vector<std::string> warnings_;
};

}  // namespace

std::vector<std::string> warnings_of(const Evaluation& evaluation) {
  return Warnings().of(evaluation);
}

}  // namespace safelight::synthesis
