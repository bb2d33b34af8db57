#include "safelight/synthesis/evaluation/held_out.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "safelight/synthesis/likelihood/fit/bounded_calibration.h"

namespace safelight::synthesis {
namespace {

constexpr size_t kInnerFolds = 5;
constexpr std::string_view kUnscored = "what was learnt without its source gives it no score";

/// Rows whose score is known, by class.
void add_scores(std::span<const Reference> references, const Scorer& scorer, size_t condition,
                std::span<const size_t> rows, TwoClassValues& out) {
  for (const size_t row : rows) {
    const auto score = scorer.score(condition, row);
    if (!score) continue;
    (references[row].truth == Proposition::camera ? out.camera : out.generated).push_back(*score);
  }
}

/// Deals rows out to fifths: by their sources, those of each class for themselves and the largest
/// first, or one after the other.
std::vector<size_t> fifth_of_each(std::span<const Reference> references, Split split,
                                  std::span<const size_t> rows) {
  std::vector<size_t> out;
  if (split == Split::random) {
    for (size_t i = 0; i < rows.size(); ++i) out.push_back(i % kInnerFolds);
    return out;
  }
  std::map<std::string_view, std::pair<size_t, size_t>> sources;  // Generated, all.
  for (const size_t row : rows) {
    auto& [generated, all] = sources[references[row].source];
    generated += references[row].truth == Proposition::generated ? 1 : 0;
    ++all;
  }
  std::vector<std::pair<std::string_view, std::pair<size_t, size_t>>> order(sources.begin(),
                                                                            sources.end());
  const auto mostly_generated = [](const auto& source) {
    return 2 * source.second.first > source.second.second;
  };
  std::stable_sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
    if (mostly_generated(a) != mostly_generated(b)) return mostly_generated(a);
    return a.second.second > b.second.second;
  });
  std::map<std::string_view, size_t> fifth;
  for (size_t i = 0; i < order.size(); ++i) fifth[order[i].first] = i % kInnerFolds;
  for (const size_t row : rows) out.push_back(fifth.at(references[row].source));
  return out;
}

bool has_both_classes(std::span<const Reference> references, std::span<const size_t> rows) {
  const auto is_camera = [&](size_t row) { return references[row].truth == Proposition::camera; };
  return std::any_of(rows.begin(), rows.end(), is_camera) &&
         !std::all_of(rows.begin(), rows.end(), is_camera);
}

/// The scores that a calibration of the learner on `training` is fitted to.
TwoClassValues calibration_scores(std::span<const Reference> references, const Learner& learner,
                                  const Scorer& scorer, const Protocol& protocol,
                                  std::span<const size_t> training) {
  TwoClassValues out;
  if (learner.learning() == Learning::none) {
    add_scores(references, scorer, protocol.calibrated_in, training, out);
    return out;
  }
  const std::vector<size_t> fifth = fifth_of_each(references, protocol.split, training);
  for (size_t i = 0; i < kInnerFolds; ++i) {
    std::vector<size_t> inside;
    std::vector<size_t> outside;
    for (size_t j = 0; j < training.size(); ++j) {
      (fifth[j] == i ? inside : outside).push_back(training[j]);
    }
    if (inside.empty() || !has_both_classes(references, outside)) continue;
    const auto inner = learner.learn(outside);
    if (inner) add_scores(references, **inner, protocol.calibrated_in, inside, out);
  }
  return out;
}

TwoClassValues values_of(std::span<const Reference> references, const HeldOutScores& held_out,
                         double HeldOutScore::*value) {
  TwoClassValues out;
  for (size_t row = 0; row < references.size(); ++row) {
    if (!held_out[row]) continue;
    (references[row].truth == Proposition::camera ? out.camera : out.generated)
        .push_back((*held_out[row]).*value);
  }
  return out;
}

}  // namespace

HeldOut score_held_out(std::span<const Reference> references, const Learner& learner,
                       const Protocol& protocol) {
  const Folds folds = make_folds(references, protocol.split, protocol.seed);
  HeldOut out;
  out.by_condition.assign(protocol.tested_in.size(), HeldOutScores(references.size()));
  out.folds = folds.size();
  for (size_t fold = 0; fold < folds.size(); ++fold) {
    const std::vector<size_t> training = folds.training(fold);
    const auto scorer = learner.learn(training);
    const auto calibration = scorer ? fit_bounded_calibration(calibration_scores(
                                          references, learner, **scorer, protocol, training))
                                    : scorer.error();
    if (!calibration) {
      ++out.failed_folds;
      continue;
    }
    for (size_t i = 0; i < protocol.tested_in.size(); ++i) {
      for (const size_t row : folds.test(fold)) {
        const auto score = (*scorer)->score(protocol.tested_in[i], row);
        if (score) out.by_condition[i][row] = HeldOutScore{*score, calibration->log10_lr(*score)};
      }
    }
  }
  return out;
}

AssessmentTable held_out_table(std::span<const Reference> references, const Learner& learner,
                               const AssessmentTable& like) {
  AssessmentTable out;
  out.conditions = like.conditions;
  out.entries.assign(like.conditions.size(), std::vector<TableEntry>(references.size()));
  for (size_t condition = 0; condition < out.entries.size(); ++condition) {
    for (size_t row = 0; row < references.size(); ++row) {
      TableEntry& entry = out.entries[condition][row];
      entry.stratum = like.entries[condition][row].stratum;
      entry.not_assessable = kUnscored;
    }
  }
  const Folds folds = make_folds(references, Split::by_source, 0);
  for (size_t fold = 0; fold < folds.size(); ++fold) {
    const auto scorer = learner.learn(folds.training(fold));
    if (!scorer) continue;
    for (size_t condition = 0; condition < out.entries.size(); ++condition) {
      for (const size_t row : folds.test(fold)) {
        TableEntry& entry = out.entries[condition][row];
        entry.score = (*scorer)->score(condition, row);
        if (entry.score) entry.not_assessable.clear();
      }
    }
  }
  return out;
}

TwoClassValues scores_of(std::span<const Reference> references, const HeldOutScores& held_out) {
  return values_of(references, held_out, &HeldOutScore::score);
}

TwoClassValues log10_lrs_of(std::span<const Reference> references, const HeldOutScores& held_out) {
  return values_of(references, held_out, &HeldOutScore::log10_lr);
}

}  // namespace safelight::synthesis
