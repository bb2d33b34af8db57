#include "safelight/study/make_calibration.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include "safelight/synthesis/evaluation/held_out.h"
#include "safelight/synthesis/likelihood/fit/bounded_calibration.h"
#include "safelight/synthesis/likelihood/measures/cllr.h"

namespace safelight::study {
namespace {

using synthesis::AssessmentTable;
using synthesis::Proposition;
using synthesis::Reference;
using synthesis::Stratum;
using synthesis::TableEntry;

constexpr size_t kClean = 0;

/// Whether the transformation of that name does no more than to store a picture again.
bool is_recompression(std::string_view condition) {
  return condition.starts_with("jpeg_") || condition.starts_with("chroma_") ||
         condition.starts_with("double_jpeg") || condition.starts_with("webp");
}

/// Counts pictures and sources by class.
class Counting {
 public:
  void add(const Reference& reference) {
    const bool is_camera = reference.truth == Proposition::camera;
    ++(is_camera ? counts_.camera : counts_.generated).pictures;
    (is_camera ? camera_ : generated_).insert(reference.source);
  }
  [[nodiscard]] synthesis::ReferenceCounts counts() const {
    synthesis::ReferenceCounts out = counts_;
    out.camera.sources = camera_.size();
    out.generated.sources = generated_.size();
    return out;
  }

 private:
  synthesis::ReferenceCounts counts_;
  std::set<std::string> camera_;
  std::set<std::string> generated_;
};

std::optional<synthesis::HeldOutCost> cost_of(const synthesis::Cell* cell) {
  if (cell == nullptr || !std::isfinite(cell->cllr.estimate)) return std::nullopt;
  if (!std::isfinite(cell->cllr.interval.lower) || !std::isfinite(cell->cllr.interval.upper)) {
    return std::nullopt;
  }
  return synthesis::HeldOutCost{cell->cllr.estimate, cell->cllr.interval};
}

/// The certified thresholds are on negated ratios.
std::optional<synthesis::AbstentionRange> abstention_of(
    const synthesis::FixedDecisions& decisions) {
  if (!decisions.abstention) return std::nullopt;
  synthesis::AbstentionRange out;
  if (const auto& threshold = decisions.abstention->generated_from.threshold) {
    out.generated_to = std::min(0.0, -*threshold);
  }
  if (const auto& threshold = decisions.abstention->camera_below.threshold) {
    out.camera_above = std::max(0.0, -*threshold);
  }
  return out;
}

std::vector<synthesis::CountedName> counted(const std::map<std::string, uint64_t>& names) {
  std::vector<synthesis::CountedName> out;
  for (const auto& [name, pictures] : names) out.push_back({name, pictures});
  return out;
}

synthesis::ReferencePopulation population_of(std::span<const Reference> references) {
  std::map<std::string, uint64_t> sources;
  std::map<std::string, uint64_t> generators;
  std::map<std::string, uint64_t> makers;
  for (const Reference& reference : references) {
    ++sources[reference.source];
    if (!reference.generator.empty()) ++generators[reference.generator];
    if (!reference.camera_maker.empty()) ++makers[reference.camera_maker];
  }
  return {counted(sources), counted(generators), counted(makers)};
}

/// The condition under which a reference belongs to a stratum; nothing where none brings it there.
std::optional<size_t> condition_into(const AssessmentTable& table, size_t row,
                                     const Stratum& stratum) {
  for (size_t condition = 0; condition < table.conditions.size(); ++condition) {
    if (condition != kClean && !is_recompression(table.conditions[condition])) continue;
    const TableEntry& entry = table.entries[condition][row];
    if (entry.score && entry.stratum == stratum) return condition;
  }
  return std::nullopt;
}

std::optional<synthesis::StratumCalibration> calibrate(std::span<const Reference> references,
                                                       const AssessmentTable& table,
                                                       const Stratum& stratum) {
  synthesis::StratumCalibration out;
  out.stratum = stratum;
  AssessmentTable of_stratum;
  of_stratum.conditions = {table.conditions[kClean]};
  of_stratum.entries.resize(1);
  std::vector<Reference> within;
  std::set<std::string> filled_from;
  Counting counting;
  synthesis::TwoClassValues scores;
  for (size_t row = 0; row < references.size(); ++row) {
    const auto condition = condition_into(table, row, stratum);
    if (!condition) continue;
    if (*condition != kClean) filled_from.insert(table.conditions[*condition]);
    const TableEntry& entry = table.entries[*condition][row];
    counting.add(references[row]);
    within.push_back(references[row]);
    of_stratum.entries[0].push_back(entry);
    (references[row].truth == Proposition::camera ? scores.camera : scores.generated)
        .push_back(*entry.score);
  }
  const auto calibration = synthesis::fit_bounded_calibration(scores);
  if (!calibration) return std::nullopt;
  out.calibration = *calibration;
  out.references = counting.counts();
  out.filled_from.assign(filled_from.begin(), filled_from.end());
  const auto held_out = synthesis::score_held_out(within, synthesis::FixedLearner(of_stratum), {});
  const double cost = synthesis::cllr(synthesis::log10_lrs_of(within, held_out.by_condition[0]));
  if (std::isfinite(cost)) out.held_out_cllr = cost;
  return out;
}

}  // namespace

synthesis::Calibration make_calibration(const AssessmentTable& table,
                                        const synthesis::Evaluation& evaluation,
                                        const synthesis::DetectorEvaluation& measured,
                                        const synthesis::Date& made, int valid_days) {
  const std::vector<Reference>& references = evaluation.references;
  synthesis::Calibration out;
  out.detector = measured.detector;
  if (evaluation.fusion && evaluation.fusion->fusion.identity() == measured.detector) {
    out.fusion = evaluation.fusion->fusion;
  }
  out.manifest = evaluation.manifest;
  out.made = made;
  out.expires = synthesis::days_after(made, valid_days);
  Counting counting;
  for (size_t row = 0; row < references.size(); ++row) {
    if (table.entries[kClean][row].score) counting.add(references[row]);
  }
  out.references = counting.counts();
  out.confound_auc = evaluation.confounds.auc;
  out.confounded = evaluation.confounds.is_flagged();
  out.equalised = cost_of(measured.equalised_cell());
  out.clean = cost_of(measured.sweep.empty() ? nullptr : &measured.sweep[kClean].cell);
  out.abstention = abstention_of(measured.fixed);
  out.population = population_of(references);
  for (const Stratum& stratum : synthesis::all_strata()) {
    if (auto calibrated = calibrate(references, table, stratum)) {
      out.strata.push_back(std::move(*calibrated));
    }
  }
  return out;
}

}  // namespace safelight::study
