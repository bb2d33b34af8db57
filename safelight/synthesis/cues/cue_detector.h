#pragma once

#include <string_view>

#include "safelight/base/result.h"
#include "safelight/synthesis/cues/cue_model.h"
#include "safelight/synthesis/detectors/detector.h"

namespace safelight::synthesis {

/// The cue panel and a linear model over it. The score is the model's natural log odds of H2.
/// Cues are the five terms that moved it most, each as "towards generated: MEANING" or "towards
/// camera: MEANING" with what it added, in log odds; then the panel in full by its names.
class CueDetector final : public Detector {
 public:
  /// Errors: those of parse_cue_model(); integrity_mismatch ("cue-model.panel") where the model was
  /// fitted to another panel than cue_panel() gives; malformed ("cue-model.unknown-cue").
  static Result<CueDetector> create(std::string_view model_file);

  [[nodiscard]] const DetectorIdentity& identity() const override { return identity_; }
  [[nodiscard]] Assessment assess(const DetectorInput& input) override;
  [[nodiscard]] const CueModel& model() const { return model_; }

 private:
  CueDetector(CueModel model, std::vector<size_t> places, DetectorIdentity identity)
      : model_(std::move(model)), places_(std::move(places)), identity_(std::move(identity)) {}

  CueModel model_;
  std::vector<size_t> places_;  ///< Of each term's cue in a panel.
  DetectorIdentity identity_;
};

}  // namespace safelight::synthesis
