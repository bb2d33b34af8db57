#include "safelight/synthesis/evaluation/cue_learner.h"

#include <utility>

#include "safelight/synthesis/cues/fit_cue_model.h"
#include "safelight/synthesis/evaluation/equalised_conditions.h"
#include "safelight/synthesis/likelihood/fit/standardised_logistic.h"

namespace safelight::synthesis {
namespace {

class CueScorer final : public Scorer {
 public:
  CueScorer(const AssessmentTable& table, StandardisedLogistic model)
      : table_(table), model_(std::move(model)) {}
  [[nodiscard]] std::optional<double> score(size_t condition, size_t row) const override {
    const TableEntry& entry = table_.entries[condition][row];
    if (entry.cues.empty()) return std::nullopt;
    return model_.log_odds(entry.cues);
  }

 private:
  const AssessmentTable& table_;
  StandardisedLogistic model_;
};

}  // namespace

Result<std::unique_ptr<Scorer>> CueLearner::learn(std::span<const size_t> training) const {
  std::vector<size_t> conditions = {0};
  if (const auto equalised = table_.find(kEqualisedConditions[0])) conditions.push_back(*equalised);
  std::vector<double> features;
  std::vector<Proposition> labels;
  for (const size_t condition : conditions) {
    for (const size_t row : training) {
      const std::vector<double>& cues = table_.entries[condition][row].cues;
      if (cues.empty()) continue;
      features.insert(features.end(), cues.begin(), cues.end());
      labels.push_back(references_[row].truth);
    }
  }
  if (labels.empty()) return Error{ErrorCode::malformed, "cue-learner.no-cues"};
  SAFELIGHT_TRY(StandardisedLogistic model,
                fit_standardised_logistic({features, table_.cue_names.size(), labels, {}},
                                          LogisticOptions{kCueModelPenalty}));
  return std::unique_ptr<Scorer>(std::make_unique<CueScorer>(table_, std::move(model)));
}

}  // namespace safelight::synthesis
