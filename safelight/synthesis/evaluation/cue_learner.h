#pragma once

#include <memory>
#include <span>

#include "safelight/synthesis/evaluation/learner.h"
#include "safelight/synthesis/evaluation/manifest.h"

namespace safelight::synthesis {

/// A model over the cues of a detector, fitted anew to what it may learn from, as the built-in one
/// was fitted (cues/fit_cue_model.h): to each reference as it is and under the first equalised
/// condition of the table.
/// What it reads outlives it.
class CueLearner final : public Learner {
 public:
  CueLearner(std::span<const Reference> references, const AssessmentTable& table)
      : references_(references), table_(table) {}
  [[nodiscard]] Learning learning() const override { return Learning::each_fold; }
  [[nodiscard]] Result<std::unique_ptr<Scorer>> learn(
      std::span<const size_t> training) const override;

 private:
  std::span<const Reference> references_;
  const AssessmentTable& table_;
};

}  // namespace safelight::synthesis
