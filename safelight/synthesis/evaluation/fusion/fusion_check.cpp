#include "safelight/synthesis/evaluation/fusion/fusion_check.h"

#include <algorithm>
#include <numeric>

#include "safelight/synthesis/evaluation/held_out.h"
#include "safelight/synthesis/likelihood/measures/cllr.h"

namespace safelight::synthesis {
namespace {

constexpr size_t kClean = 0;

/// One candidate, of the references alone that all can assess.
class Alone final : public Learner {
 public:
  Alone(const FusionLearner& fusion, size_t candidate) : fusion_(fusion), candidate_(candidate) {}
  [[nodiscard]] Learning learning() const override { return Learning::none; }
  [[nodiscard]] Result<std::unique_ptr<Scorer>> learn(std::span<const size_t>) const override {
    class OfCommon final : public Scorer {
     public:
      explicit OfCommon(const Alone& alone) : alone_(alone) {}
      [[nodiscard]] std::optional<double> score(size_t condition, size_t row) const override {
        const auto scores = alone_.fusion_.member_scores(condition, row);
        return scores ? std::optional((*scores)[alone_.candidate_]) : std::nullopt;
      }

     private:
      const Alone& alone_;
    };
    return std::unique_ptr<Scorer>(std::make_unique<OfCommon>(*this));
  }

 private:
  const FusionLearner& fusion_;
  size_t candidate_;
};

double cost_of(std::span<const Reference> references, const Learner& learner) {
  const HeldOut held_out =
      score_held_out(references, learner, {Split::by_generator, 0, kClean, {kClean}});
  return cllr(log10_lrs_of(references, held_out.by_condition[0]));
}

}  // namespace

bool FusionCheck::pays() const {
  return fusion.weighs_as_declared() && std::all_of(member_cllrs.begin(), member_cllrs.end(),
                                                    [this](double alone) { return cllr < alone; });
}

std::optional<FusionCheck> check_fusion(std::span<const Reference> references,
                                        const FusionLearner& learner) {
  std::vector<size_t> rows(references.size());
  std::iota(rows.begin(), rows.end(), size_t{0});
  auto fusion = learner.fit(rows);
  if (!fusion) return std::nullopt;
  FusionCheck out;
  out.fusion = std::move(*fusion);
  out.cllr = cost_of(references, learner);
  for (size_t i = 0; i < learner.candidates().size(); ++i) {
    out.member_cllrs.push_back(cost_of(references, Alone(learner, i)));
  }
  return out;
}

}  // namespace safelight::synthesis
