#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/synthesis/detectors/detector.h"
#include "safelight/synthesis/plugins/model_card.h"
#include "safelight/synthesis/plugins/onnx_session.h"

namespace safelight::synthesis {

/// How near to 0 and 1 a probability is taken, so that its log odds are finite.
inline constexpr double kLeastProbability = 1e-6;

/// A model that a laboratory brought, used as its card says. The score is the mean over the crops
/// of log odds for a generated picture, as the model has them; its worth is a calibration's to say.
class PluginDetector final : public Detector {
 public:
  /// `runtime` must outlive the detector; the bytes of the model may go.
  /// Errors: integrity_mismatch ("plugin.model-digest") where the model is not the card's; those of
  /// OnnxSession::create(); malformed ("plugin.input", "plugin.output", "plugin.batch") where the
  /// model is of another shape than the card says. Then `complaint` says in plain words what is
  /// wrong.
  static Result<PluginDetector> create(const OnnxRuntime& runtime, ModelCard card,
                                       std::span<const std::byte> model, const OnnxOptions& options,
                                       std::string& complaint);

  [[nodiscard]] const DetectorIdentity& identity() const override { return identity_; }
  [[nodiscard]] const ModelCard& card() const { return card_; }
  /// Not assessable are pictures that are too small or too long and narrow, and those for which the
  /// model fails or gives what is no finite number or no probability.
  [[nodiscard]] Assessment assess(const DetectorInput& input) override;

 private:
  PluginDetector(ModelCard card, OnnxSession session, uint32_t batch);
  /// The log odds of each crop in `values_`. Errors: with the reason in `complaint`.
  Result<std::vector<double>> crop_scores(std::string& complaint);

  ModelCard card_;
  OnnxSession session_;
  uint32_t batch_;  ///< Crops in one run.
  DetectorIdentity identity_;
  std::vector<float> values_;
};

}  // namespace safelight::synthesis
