#include "safelight/synthesis/evaluation/fusion/fusion_learner.h"

#include <cassert>
#include <utility>

#include "safelight/synthesis/fusion/fit_fusion.h"

namespace safelight::synthesis {
namespace {

constexpr size_t kClean = 0;

class FusionScorer final : public Scorer {
 public:
  FusionScorer(const FusionLearner& learner, Fusion fusion)
      : learner_(learner), fusion_(std::move(fusion)) {}
  [[nodiscard]] std::optional<double> score(size_t condition, size_t row) const override {
    const auto scores = learner_.member_scores(condition, row);
    return scores ? std::optional(fusion_.score(*scores)) : std::nullopt;
  }

 private:
  const FusionLearner& learner_;
  Fusion fusion_;
};

}  // namespace

FusionLearner::FusionLearner(std::span<const Reference> references,
                             std::vector<FusionCandidate> candidates)
    : references_(references), candidates_(std::move(candidates)) {
  assert(candidates_.size() >= 2);
  for (const FusionCandidate& candidate : candidates_) detectors_.push_back(candidate.detector);
}

Result<std::unique_ptr<Scorer>> FusionLearner::learn(std::span<const size_t> training) const {
  SAFELIGHT_TRY(Fusion fusion, fit(training));
  return std::unique_ptr<Scorer>(std::make_unique<FusionScorer>(*this, std::move(fusion)));
}

Result<Fusion> FusionLearner::fit(std::span<const size_t> training) const {
  std::vector<double> scores;
  std::vector<Proposition> labels;
  for (const size_t row : training) {
    const auto of_row = member_scores(kClean, row);
    if (!of_row) continue;
    scores.insert(scores.end(), of_row->begin(), of_row->end());
    labels.push_back(references_[row].truth);
  }
  return fit_fusion(detectors_, {scores, labels});
}

std::optional<std::vector<double>> FusionLearner::member_scores(size_t condition,
                                                                size_t row) const {
  std::vector<double> out;
  for (const FusionCandidate& candidate : candidates_) {
    const auto& score = candidate.table->entries[condition][row].score;
    if (!score) return std::nullopt;
    out.push_back(*score);
  }
  return out;
}

}  // namespace safelight::synthesis
