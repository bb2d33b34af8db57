#pragma once

#include <chrono>
#include <span>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/hash/digests.h"
#include "safelight/synthesis/cues/cue_model.h"
#include "safelight/synthesis/cues/cue_panel.h"
#include "safelight/synthesis/likelihood/proposition.h"

namespace safelight::synthesis {

/// The panel of a picture whose origin is known.
struct LabelledPanel {
  Proposition truth = Proposition::camera;
  std::vector<Cue> cues;  ///< Those of cue_definitions(), in order.
};

/// What is written into a model besides what is fitted.
struct CueModelOrigin {
  Sha256 manifest;
  std::chrono::year_month_day made;
  uint32_t camera_pictures = 0;
  uint32_t generated_pictures = 0;
};

/// The penalty of a model where nothing else is asked for. With a few dozen pictures for as many
/// cues it holds the weights near nought; it was not chosen by what it reaches on any pictures.
inline constexpr double kCueModelPenalty = 10;

/// The logistic model over all cues, brought to mean 0 and deviation 1, in which each class counts
/// half; `penalty` as in logistic_regression.h. The numbers are as they are after to_text(). The
/// same panels in the same order give the same model. Errors: those of fit_logistic() and
/// standardisation_of(); malformed ("cue-model.no-panels") without panels.
Result<CueModel> fit_cue_model(std::span<const LabelledPanel> panels, double penalty,
                               const CueModelOrigin& origin);

}  // namespace safelight::synthesis
