#include "safelight/synthesis/evaluation/cell.h"

#include <cmath>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

#include "safelight/synthesis/likelihood/measures/cllr.h"
#include "safelight/synthesis/likelihood/measures/discrimination.h"
#include "safelight/synthesis/likelihood/measures/posterior_quality.h"

namespace safelight::synthesis {
namespace {

constexpr std::array<double, 2> kFalsePositiveRates = {0.01, 0.05};

/// The assessed ones of some references, as the statistics take them.
struct AssessedRows {
  std::vector<double> scores;
  std::vector<double> log10_lrs;
  std::vector<Proposition> truths;
  std::vector<size_t> sources;

  [[nodiscard]] TwoClassValues scores_by_class() const { return by_class(scores, truths); }
  [[nodiscard]] TwoClassValues lrs_by_class() const { return by_class(log10_lrs, truths); }
};

AssessedRows assessed(std::span<const Reference> references, const HeldOutScores& held_out,
                      std::span<const size_t> rows) {
  AssessedRows out;
  std::map<std::string_view, size_t> numbers;
  for (const size_t row : rows) {
    if (!held_out[row]) continue;
    const Reference& reference = references[row];
    out.scores.push_back(held_out[row]->score);
    out.log10_lrs.push_back(held_out[row]->log10_lr);
    out.truths.push_back(reference.truth);
    out.sources.push_back(numbers.emplace(reference.source, numbers.size()).first->second);
  }
  return out;
}

std::vector<double> negated(std::vector<double> values) {
  for (double& value : values) value = -value;
  return values;
}

double share_from(const std::vector<double>& scores, double threshold) {
  if (scores.empty()) return std::numeric_limits<double>::quiet_NaN();
  size_t count = 0;
  for (const double score : scores) count += score >= threshold ? 1 : 0;
  return static_cast<double>(count) / static_cast<double>(scores.size());
}

/// Certifies an abstention for each group by itself: generators, and sources of camera pictures.
void certify(std::span<const Reference> references, const HeldOutScores& held_out,
             FixedDecisions& out) {
  std::map<std::pair<Proposition, std::string_view>, std::vector<double>> by_group;
  for (size_t row = 0; row < references.size(); ++row) {
    if (!held_out[row]) continue;
    const std::string& group = group_of(references[row], Split::by_generator);
    by_group[{references[row].truth, group}].push_back(-held_out[row]->log10_lr);
  }
  std::vector<ScoreGroup> groups;
  std::vector<CertifiedGroup> named;
  for (const auto& [key, scores] : by_group) {
    groups.push_back({key.first, scores});
    named.push_back({std::string(key.second), scores.size()});
  }
  const auto certified = certify_abstention(groups, {});
  if (!certified) return;
  out.abstention = *certified;
  out.camera_decided_by = named[certified->camera_below.deciding_group];
  out.generated_decided_by = named[certified->generated_from.deciding_group];
}

}  // namespace

FixedDecisions fix_decisions(std::span<const Reference> references, const HeldOutScores& clean) {
  FixedDecisions out;
  const TwoClassValues scores = scores_of(references, clean);
  for (size_t i = 0; i < out.points.size(); ++i) {
    out.points[i] = {kFalsePositiveRates[i],
                     threshold_for_false_positive_rate(scores, kFalsePositiveRates[i])};
  }
  certify(references, clean, out);
  return out;
}

Cell measure_cell(std::span<const Reference> references, const HeldOutScores& held_out,
                  std::span<const size_t> rows, const FixedDecisions& fixed,
                  const BootstrapOptions& bootstrap) {
  Cell out;
  const AssessedRows data = assessed(references, held_out, rows);
  const TwoClassValues scores = data.scores_by_class();
  const TwoClassValues lrs = data.lrs_by_class();
  for (const size_t row : rows) {
    const bool is_camera = references[row].truth == Proposition::camera;
    if (held_out[row]) {
      ++(is_camera ? out.camera : out.generated);
    } else {
      ++(is_camera ? out.camera_not_assessed : out.generated_not_assessed);
    }
  }
  const auto intervals = bootstrap_intervals(
      {data.truths, data.sources},
      [&](std::span<const size_t> drawn) -> std::vector<double> {
        return {auc(by_class(data.scores, data.truths, drawn)),
                cllr(by_class(data.log10_lrs, data.truths, drawn))};
      },
      bootstrap);
  out.auc = intervals[0];
  out.cllr = intervals[1];
  for (size_t i = 0; i < out.at.size(); ++i) {
    const OperatingPoint& point = fixed.points[i];
    out.at[i] = {true_positive_rate_at(scores, point.false_positive_rate),
                 share_from(scores.generated, point.threshold),
                 share_from(scores.camera, point.threshold)};
  }
  const TwoClassValues against = {negated(lrs.camera), negated(lrs.generated)};
  // A ratio of 1 supports neither: the least number over it speaks for H2.
  out.balanced_accuracy = balanced_accuracy(against, std::numeric_limits<double>::denorm_min());
  out.cllr_min = cllr_min(lrs);
  out.cllr_cal = cllr_cal(lrs);
  out.expected_calibration_error = expected_calibration_error(lrs);
  out.brier = brier_score(lrs);
  out.misleading = misleading_evidence(lrs);
  const CertifiedAbstention abstention = fixed.abstention.value_or(CertifiedAbstention{});
  out.decisions += count_decisions(abstention, {Proposition::camera, against.camera});
  out.decisions += count_decisions(abstention, {Proposition::generated, against.generated});
  return out;
}

}  // namespace safelight::synthesis
