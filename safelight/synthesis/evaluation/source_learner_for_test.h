#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "safelight/synthesis/evaluation/references_for_test.h"

namespace safelight::synthesis {

/// Knows the class of every source that it has learnt from, and guesses of others.
class SourceLearner final : public Learner {
 public:
  explicit SourceLearner(const std::vector<Reference>& references)
      : references_(references), guesses_(normal_scores(references, 0, 5)) {}
  [[nodiscard]] Learning learning() const override { return Learning::each_fold; }
  [[nodiscard]] Result<std::unique_ptr<Scorer>> learn(
      std::span<const size_t> training) const override {
    class Known final : public Scorer {
     public:
      Known(const SourceLearner& learner, std::set<std::string> known)
          : learner_(learner), known_(std::move(known)) {}
      [[nodiscard]] std::optional<double> score(size_t, size_t row) const override {
        const Reference& reference = learner_.references_[row];
        if (!known_.contains(reference.source)) return learner_.guesses_[row];
        return reference.truth == Proposition::generated ? 3 : -3;
      }

     private:
      const SourceLearner& learner_;
      std::set<std::string> known_;
    };
    std::set<std::string> known;
    for (const size_t row : training) known.insert(references_[row].source);
    return std::unique_ptr<Scorer>(std::make_unique<Known>(*this, std::move(known)));
  }

 private:
  const std::vector<Reference>& references_;
  std::vector<double> guesses_;
};

}  // namespace safelight::synthesis
