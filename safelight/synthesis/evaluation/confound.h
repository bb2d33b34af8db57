#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "safelight/synthesis/evaluation/file_facts.h"
#include "safelight/synthesis/evaluation/learner.h"
#include "safelight/synthesis/evaluation/manifest.h"

namespace safelight::synthesis {

/// The dummy: a logistic model that sees size, format, compression and the presence of metadata,
/// and no pixel. Where it tells camera pictures from generated ones, so can a detector that has
/// learnt nothing else. Under every condition it sees the file as it is.
class ConfoundLearner final : public Learner {
 public:
  ConfoundLearner(std::span<const Reference> references, std::span<const FileFacts> facts);
  [[nodiscard]] Learning learning() const override { return Learning::each_fold; }
  [[nodiscard]] Result<std::unique_ptr<Scorer>> learn(
      std::span<const size_t> training) const override;

 private:
  std::vector<Proposition> truths_;
  std::vector<double> features_;
  size_t feature_count_ = 0;
};

/// From this AUC on a set is flagged.
inline constexpr double kConfoundAuc = 0.6;

/// How well the dummy tells the classes apart, leaving one source out at a time.
struct ConfoundCheck {
  /// Nothing where too few sources are there to leave one out: then the set is flagged as well,
  /// because nothing shows that it is not confounded.
  std::optional<double> auc;
  [[nodiscard]] bool is_flagged() const { return !auc || *auc > kConfoundAuc; }
};

ConfoundCheck check_confounds(std::span<const Reference> references,
                              std::span<const FileFacts> facts);

}  // namespace safelight::synthesis
