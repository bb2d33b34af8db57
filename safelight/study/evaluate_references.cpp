#include "safelight/study/evaluate_references.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "safelight/synthesis/cues/cue_detector.h"
#include "safelight/synthesis/evaluation/cue_learner.h"

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
  const auto built_in = synthesis::CueDetector::create(synthesis::built_in_cue_model());
  assert(built_in);
  for (size_t i = 0; i < examined.detectors.size(); ++i) {
    const synthesis::AssessmentTable& table = examined.tables[i];
    const bool is_built_in = examined.detectors[i] == built_in->identity();
    if (!is_built_in || built_in->model().manifest != manifest) {
      add(table, synthesis::FixedLearner(table), examined.detectors[i]);
    }
    if (!is_built_in) continue;
    synthesis::DetectorIdentity fitted = examined.detectors[i];
    fitted.name += ", fitted in each fold";
    fitted.model = {};
    add(table, synthesis::CueLearner(examined.references, table), fitted);
  }
  return out;
}

}  // namespace safelight::study
