#include "safelight/synthesis/evaluation/evaluation.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "safelight/synthesis/likelihood/intervals/proportion_interval.h"
#include "safelight/synthesis/likelihood/measures/discrimination.h"
#include "safelight/synthesis/likelihood/measures/triage_curve.h"

namespace safelight::synthesis {
namespace {

constexpr size_t kClean = 0;
constexpr size_t kLeastOfOutlier = 5;
constexpr double kOutlierConfidence = 0.99;

std::vector<size_t> all_rows(std::span<const Reference> references) {
  std::vector<size_t> out(references.size());
  std::iota(out.begin(), out.end(), size_t{0});
  return out;
}

/// Measures one detector, step by step.
class Measuring {
 public:
  Measuring(std::span<const Reference> references, std::span<const FileFacts> facts,
            const AssessmentTable& table, const Learner& learner, const EvaluationOptions& options)
      : references_(references),
        facts_(facts),
        table_(table),
        learner_(learner),
        seed_(options.seed),
        bootstrap_{options.replicates, options.seed, options.threads, kConfidence},
        rows_(all_rows(references)) {}

  DetectorEvaluation measure(const ConfoundCheck& confounds) {
    out_.learning = learner_.learning();
    measure_sweep();
    for (const Split split :
         {Split::by_source, Split::by_generator, Split::by_date, Split::random}) {
      measure_split(split);
    }
    out_.headline = confounds.is_flagged() ? "" : table_.conditions[kClean];
    for (const std::string_view condition : kEqualisedConditions) measure_equalised(condition);
    measure_groups();
    find_outliers();
    return std::move(out_);
  }

 private:
  [[nodiscard]] Cell cell_of(const HeldOutScores& scores, std::span<const size_t> rows) const {
    return measure_cell(references_, scores, rows, out_.fixed, bootstrap_);
  }

  void measure_sweep() {
    Protocol protocol;
    protocol.tested_in.resize(table_.conditions.size());
    std::iota(protocol.tested_in.begin(), protocol.tested_in.end(), size_t{0});
    HeldOut held_out = score_held_out(references_, learner_, protocol);
    out_.fixed = fix_decisions(references_, held_out.by_condition[kClean]);
    for (size_t i = 0; i < table_.conditions.size(); ++i) {
      out_.sweep.push_back({table_.conditions[i], cell_of(held_out.by_condition[i], rows_)});
    }
    out_.splits.push_back({Split::by_source, held_out.folds, held_out.failed_folds, {}});
    if (held_out.folds > held_out.failed_folds) out_.splits[0].cell = out_.sweep[kClean].cell;
    clean_ = std::move(held_out.by_condition[kClean]);
    out_.headline_scores = clean_;
    add_triage(table_.conditions[kClean], clean_);
    const TwoClassValues scores = scores_of(references_, clean_);
    std::vector<double> all = scores.camera;
    all.insert(all.end(), scores.generated.begin(), scores.generated.end());
    out_.is_constant = !all.empty() && std::adjacent_find(all.begin(), all.end(),
                                                          std::not_equal_to<>()) == all.end();
  }

  void measure_split(Split split) {
    if (split == Split::by_source) return;  // With the sweep.
    const HeldOut held_out =
        score_held_out(references_, learner_, {split, seed_, kClean, {kClean}});
    SplitRow row{split, held_out.folds, held_out.failed_folds, {}};
    if (held_out.folds > held_out.failed_folds) row.cell = cell_of(held_out.by_condition[0], rows_);
    out_.splits.push_back(std::move(row));
  }

  void measure_equalised(std::string_view condition) {
    const auto place = table_.find(condition);
    if (!place) return;
    const HeldOut held_out =
        score_held_out(references_, learner_, {Split::by_source, seed_, *place, {*place}});
    out_.equalised.push_back({std::string(condition), cell_of(held_out.by_condition[0], rows_)});
    add_triage(std::string(condition), held_out.by_condition[0]);
    if (out_.headline.empty()) {
      out_.headline = condition;
      out_.headline_scores = held_out.by_condition[0];
    }
  }

  void add_triage(std::string condition, const HeldOutScores& held_out) {
    const TwoClassValues scores = scores_of(references_, held_out);
    TriageRow row;
    row.condition = std::move(condition);
    for (size_t i = 0; i < kTriageShares.size(); ++i) {
      row.first[i] = camera_share_in_first(scores, kTriageShares[i]);
    }
    row.last_tenth = camera_share_in_last(scores, 0.1);
    out_.triage.push_back(std::move(row));
  }

  /// The rows of each group of a kind; "" is no group.
  template <typename GroupOf>
  void measure_kind(GroupKind kind, Proposition beside, const GroupOf& group_of) {
    std::map<std::string, std::vector<size_t>> groups;
    std::vector<size_t> others;
    for (const size_t row : rows_) {
      const std::string group = group_of(row);
      if (!group.empty()) groups[group].push_back(row);
      if (kind != GroupKind::size && references_[row].truth == beside) others.push_back(row);
    }
    const size_t first = out_.groups.size();
    for (auto& [name, rows] : groups) {
      rows.insert(rows.end(), others.begin(), others.end());
      out_.groups.push_back({kind, name, cell_of(out_.headline_scores, rows), false});
    }
    size_t worst = out_.groups.size();
    for (size_t i = first; i < out_.groups.size(); ++i) {
      const double auc = out_.groups[i].cell.auc.estimate;
      if (std::isnan(auc)) continue;
      if (worst == out_.groups.size() || auc < out_.groups[worst].cell.auc.estimate) worst = i;
    }
    if (worst < out_.groups.size()) out_.groups[worst].is_worst = true;
  }

  void measure_groups() {
    measure_kind(GroupKind::generator, Proposition::camera,
                 [&](size_t row) { return references_[row].generator; });
    measure_kind(GroupKind::camera_maker, Proposition::generated,
                 [&](size_t row) { return references_[row].camera_maker; });
    measure_kind(GroupKind::size, Proposition::camera, [&](size_t row) {
      const FileFacts& facts = facts_[row];
      return std::max(facts.width, facts.height) >= kLargeSide ? "large" : "small";
    });
  }

  void find_outliers() {
    std::map<std::string, Proportion> by_source;
    Proportion all;
    for (const size_t row : rows_) {
      if (!out_.headline_scores[row]) continue;
      const double log10_lr = out_.headline_scores[row]->log10_lr;
      const bool misleads =
          references_[row].truth == Proposition::camera ? log10_lr < 0 : log10_lr > 0;
      Proportion& of_source = by_source[references_[row].source];
      for (Proportion* proportion : {&of_source, &all}) {
        ++proportion->of;
        proportion->count += misleads ? 1 : 0;
      }
    }
    for (const auto& [source, misleading] : by_source) {
      const Proportion elsewhere = {all.count - misleading.count, all.of - misleading.of};
      if (misleading.of < kLeastOfOutlier || elsewhere.of == 0) continue;
      if (clopper_pearson_interval(misleading, kOutlierConfidence).lower > 0.5 &&
          clopper_pearson_interval(elsewhere, kOutlierConfidence).upper < 0.5) {
        out_.outliers.push_back({source, misleading, elsewhere});
      }
    }
  }

  std::span<const Reference> references_;
  std::span<const FileFacts> facts_;
  const AssessmentTable& table_;
  const Learner& learner_;
  const uint64_t seed_;
  const BootstrapOptions bootstrap_;
  const std::vector<size_t> rows_;
  HeldOutScores clean_;
  DetectorEvaluation out_;
};

}  // namespace

const Cell* DetectorEvaluation::equalised_cell() const {
  return equalised.empty() ? nullptr : &equalised.front().cell;
}

DetectorEvaluation evaluate(std::span<const Reference> references, std::span<const FileFacts> facts,
                            const AssessmentTable& table, const Learner& learner,
                            const DetectorIdentity& detector, const ConfoundCheck& confounds,
                            const EvaluationOptions& options) {
  DetectorEvaluation out = Measuring(references, facts, table, learner, options).measure(confounds);
  out.detector = detector;
  return out;
}

}  // namespace safelight::synthesis
