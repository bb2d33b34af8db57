#include "safelight/synthesis/cues/fit_cue_model.h"

#include <cassert>

#include "safelight/digest/sha256_stream.h"
#include "safelight/synthesis/likelihood/fit/logistic_regression.h"
#include "safelight/synthesis/likelihood/fit/standardisation.h"

namespace safelight::synthesis {

Result<CueModel> fit_cue_model(std::span<const LabelledPanel> panels, double penalty,
                               const CueModelOrigin& origin) {
  if (panels.empty()) return Error{ErrorCode::malformed, "cue-model.no-panels"};
  const auto definitions = cue_definitions();
  std::vector<double> features;
  std::vector<Proposition> labels;
  for (const LabelledPanel& panel : panels) {
    assert(panel.cues.size() == definitions.size());
    for (const Cue& cue : panel.cues) features.push_back(cue.value);
    labels.push_back(panel.truth);
  }
  SAFELIGHT_TRY(const Standardisation standard, standardisation_of(features, definitions.size()));
  for (size_t row = 0; row < panels.size(); ++row) {
    standard.apply(std::span(features).subspan(row * definitions.size(), definitions.size()));
  }
  SAFELIGHT_TRY(const LogisticModel fitted, fit_logistic({features, definitions.size(), labels, {}},
                                                         {penalty, ClassBalance::equal}));
  const std::string description = cue_panel_description();
  CueModel model;
  model.panel = sha256_of(std::as_bytes(std::span(description)));
  model.manifest = origin.manifest;
  model.made = origin.made;
  model.camera_pictures = origin.camera_pictures;
  model.generated_pictures = origin.generated_pictures;
  model.penalty = penalty;
  model.intercept = fitted.intercept;
  for (size_t i = 0; i < definitions.size(); ++i) {
    model.terms.push_back({std::string(definitions[i].name), standard.mean[i], standard.scale[i],
                           fitted.coefficients[i]});
  }
  return parse_cue_model(to_text(model));
}

}  // namespace safelight::synthesis
