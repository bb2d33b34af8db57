#include "safelight/synthesis/cues/cue_detector.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "safelight/digest/sha256_stream.h"
#include "safelight/synthesis/cues/cue_panel.h"

namespace safelight::synthesis {
namespace {

constexpr size_t kShownTerms = 5;

Sha256 digest_of(std::string_view text) { return sha256_of(std::as_bytes(std::span(text))); }

}  // namespace

Result<CueDetector> CueDetector::create(std::string_view model_file) {
  SAFELIGHT_TRY(CueModel model, parse_cue_model(model_file));
  const Sha256 panel = digest_of(cue_panel_description());
  if (model.panel != panel) return Error{ErrorCode::integrity_mismatch, "cue-model.panel"};
  const auto definitions = cue_definitions();
  std::vector<size_t> places;
  for (const CueTerm& term : model.terms) {
    const auto at = std::ranges::find(definitions, term.name, &CueDefinition::name);
    if (at == definitions.end()) return Error{ErrorCode::malformed, "cue-model.unknown-cue"};
    places.push_back(static_cast<size_t>(at - definitions.begin()));
  }
  return CueDetector(std::move(model), std::move(places),
                     {"built-in cues", digest_of(model_file), panel});
}

Assessment CueDetector::assess(const DetectorInput& input) {
  Assessment assessment;
  assessment.stratum = stratum_of(input.picture.shape, input.encoding);
  CuePanel panel = cue_panel(input.picture);
  if (panel.cues.empty()) {
    assessment.not_assessable = std::move(panel.not_assessable);
    return assessment;
  }
  double score = model_.intercept;
  std::vector<Cue> added;
  for (size_t i = 0; i < places_.size(); ++i) {
    const CueTerm& term = model_.terms[i];
    const double value = term.weight * ((panel.cues[places_[i]].value - term.mean) / term.scale);
    score += value;
    added.push_back({(value > 0 ? "towards generated: " : "towards camera: ") +
                         std::string(cue_definitions()[places_[i]].meaning),
                     value});
  }
  // A file may state any finite numbers, and these need not add up to one.
  if (!std::isfinite(score)) {
    assessment.not_assessable = "the model's numbers are too large for this picture";
    return assessment;
  }
  assessment.score = score;
  std::ranges::stable_sort(
      added, [](const Cue& a, const Cue& b) { return std::abs(a.value) > std::abs(b.value); });
  added.resize(std::min(added.size(), kShownTerms));
  assessment.cues = std::move(added);
  assessment.cues.insert(assessment.cues.end(), panel.cues.begin(), panel.cues.end());
  return assessment;
}

}  // namespace safelight::synthesis
