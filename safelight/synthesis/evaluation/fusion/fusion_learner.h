#pragma once

#include <span>
#include <vector>

#include "safelight/synthesis/evaluation/learner.h"
#include "safelight/synthesis/evaluation/manifest.h"
#include "safelight/synthesis/fusion/fusion.h"

namespace safelight::synthesis {

/// A detector that a fusion may weigh, and what it said of the references.
struct FusionCandidate {
  DetectorIdentity detector;
  const AssessmentTable* table = nullptr;
};

/// Detectors weighed together (fusion.h), anew by what each fold may learn from, of the references
/// as they are. What it reads outlives it.
class FusionLearner final : public Learner {
 public:
  /// Two candidates at least, whose tables have the same conditions.
  FusionLearner(std::span<const Reference> references, std::vector<FusionCandidate> candidates);

  [[nodiscard]] Learning learning() const override { return Learning::each_fold; }
  [[nodiscard]] Result<std::unique_ptr<Scorer>> learn(
      std::span<const size_t> training) const override;

  /// What learn() scores with.
  [[nodiscard]] Result<Fusion> fit(std::span<const size_t> training) const;

  /// The score of each candidate, in their order; nothing unless all can assess the reference.
  [[nodiscard]] std::optional<std::vector<double>> member_scores(size_t condition,
                                                                 size_t row) const;

  [[nodiscard]] std::span<const FusionCandidate> candidates() const { return candidates_; }

 private:
  std::span<const Reference> references_;
  std::vector<FusionCandidate> candidates_;
  std::vector<DetectorIdentity> detectors_;
};

}  // namespace safelight::synthesis
