#include "safelight/study/evaluate_references.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "safelight/synthesis/cues/cue_detector.h"
#include "safelight/synthesis/evaluation/cue_learner.h"
#include "safelight/synthesis/evaluation/held_out.h"

namespace safelight::study {
namespace {

/// Erases the places `gone`, rising, of a vector.
template <typename T>
void erase_places(std::vector<T>& values, std::span<const size_t> gone) {
  std::vector<T> kept;
  kept.reserve(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::binary_search(gone.begin(), gone.end(), i)) kept.push_back(std::move(values[i]));
  }
  values = std::move(kept);
}

/// Whether it can assess half of the references or more, as they are.
bool assesses_most(const synthesis::AssessmentTable& table) {
  const auto& entries = table.entries[0];
  const auto assessed = std::count_if(entries.begin(), entries.end(),
                                      [](const auto& entry) { return entry.score.has_value(); });
  return 2 * static_cast<size_t>(assessed) >= entries.size();
}

}  // namespace

void leave_out_repeated(std::span<const size_t> repeated, ExaminedReferences& examined) {
  for (const size_t row : repeated) {
    examined.left_out.push_back(
        {examined.references[row].path, "it repeats an earlier picture of the same source"});
  }
  erase_places(examined.references, repeated);
  erase_places(examined.facts, repeated);
  erase_places(examined.fingerprints, repeated);
  for (synthesis::AssessmentTable& table : examined.tables) {
    for (auto& of_condition : table.entries) erase_places(of_condition, repeated);
  }
}

synthesis::Evaluation evaluate_references(const ExaminedReferences& examined,
                                          const Sha256& manifest,
                                          const synthesis::EvaluationOptions& options) {
  synthesis::Evaluation out;
  out.manifest = manifest;
  out.references = examined.references;
  out.left_out = examined.left_out;
  out.confounds = synthesis::check_confounds(examined.references, examined.facts);
  out.options = options;
  const auto add = [&](const synthesis::AssessmentTable& table, const synthesis::Learner& learner,
                       const synthesis::DetectorIdentity& detector) {
    out.detectors.push_back(synthesis::evaluate(examined.references, examined.facts, table, learner,
                                                detector, out.confounds, options));
  };
  std::vector<synthesis::FusionCandidate> candidates;
  const auto built_in = synthesis::CueDetector::create(synthesis::built_in_cue_model());
  assert(built_in);
  for (size_t i = 0; i < examined.detectors.size(); ++i) {
    const synthesis::AssessmentTable& table = examined.tables[i];
    const bool is_built_in = examined.detectors[i] == built_in->identity();
    if (!is_built_in || built_in->model().manifest != manifest) {
      add(table, synthesis::FixedLearner(table), examined.detectors[i]);
      if (assesses_most(table)) candidates.push_back({examined.detectors[i], &table});
    }
    if (!is_built_in) continue;
    synthesis::DetectorIdentity fitted = examined.detectors[i];
    fitted.name += ", fitted in each fold";
    fitted.model = {};
    add(table, synthesis::CueLearner(examined.references, table), fitted);
  }
  if (candidates.size() < 2) return out;
  const synthesis::FusionLearner fusion(examined.references, candidates);
  out.fusion = synthesis::check_fusion(examined.references, fusion);
  if (out.fusion) add(*candidates[0].table, fusion, out.fusion->fusion.identity());
  return out;
}

synthesis::AssessmentTable fused_table(const ExaminedReferences& examined,
                                       const synthesis::Fusion& fusion) {
  std::vector<synthesis::FusionCandidate> candidates;
  for (const synthesis::FusionMember& member : fusion.members) {
    const auto found =
        std::find(examined.detectors.begin(), examined.detectors.end(), member.detector);
    assert(found != examined.detectors.end());
    candidates.push_back(
        {*found, &examined.tables[static_cast<size_t>(found - examined.detectors.begin())]});
  }
  return synthesis::held_out_table(examined.references,
                                   synthesis::FusionLearner(examined.references, candidates),
                                   *candidates[0].table);
}

}  // namespace safelight::study
