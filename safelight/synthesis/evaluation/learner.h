#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "safelight/base/result.h"
#include "safelight/synthesis/evaluation/assessment_table.h"

namespace safelight::synthesis {

/// Gives scores, after whatever it has learnt.
class Scorer {
 public:
  virtual ~Scorer() = default;
  /// Nothing where the reference is not assessable under that condition.
  [[nodiscard]] virtual std::optional<double> score(size_t condition, size_t row) const = 0;
};

enum class Learning : uint8_t {
  none,      ///< The detector is as it is; nothing of it depends on the references.
  each_fold  ///< The model is fitted anew to what each fold may learn from.
};

/// A detector as an evaluation sees it: what it may learn from is named, so that nothing is held
/// against what it has seen.
class Learner {
 public:
  virtual ~Learner() = default;
  [[nodiscard]] virtual Learning learning() const = 0;
  /// What scores after learning from the rows `training`, which hold both classes. Errors:
  /// malformed, where a model cannot be fitted to them.
  [[nodiscard]] virtual Result<std::unique_ptr<Scorer>> learn(
      std::span<const size_t> training) const = 0;
};

/// A detector with a model of its own, whose scores are in a table, which outlives it.
class FixedLearner final : public Learner {
 public:
  explicit FixedLearner(const AssessmentTable& table) : table_(table) {}
  [[nodiscard]] Learning learning() const override { return Learning::none; }
  [[nodiscard]] Result<std::unique_ptr<Scorer>> learn(
      std::span<const size_t> training) const override;

 private:
  const AssessmentTable& table_;
};

}  // namespace safelight::synthesis
