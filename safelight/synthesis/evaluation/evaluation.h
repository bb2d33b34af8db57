#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "safelight/synthesis/detectors/detector.h"
#include "safelight/synthesis/evaluation/cell.h"
#include "safelight/synthesis/evaluation/confound.h"
#include "safelight/synthesis/evaluation/equalised_conditions.h"
#include "safelight/synthesis/evaluation/fusion/fusion_check.h"
#include "safelight/synthesis/evaluation/learner.h"
#include "safelight/synthesis/evaluation/manifest.h"

namespace safelight::synthesis {

struct EvaluationOptions {
  uint64_t seed = 1;
  size_t replicates = 1000;  ///< Of the bootstrap.
  size_t threads = 1;        ///< Changes nothing in the result.
};

/// A clean cell under one way to hold out.
struct SplitRow {
  Split split = Split::by_source;
  size_t folds = 0;
  size_t failed_folds = 0;
  std::optional<Cell> cell;  ///< Nothing where the references allow no fold.
};

struct ConditionRow {
  std::string condition;
  Cell cell;
};

enum class GroupKind : uint8_t { generator, camera_maker, size };

/// One part of the references against the other class: a generator's pictures against all camera
/// pictures, a maker's against all generated ones, or the pictures of a band of sizes.
struct GroupRow {
  GroupKind kind = GroupKind::generator;
  std::string name;
  Cell cell;
  bool is_worst = false;  ///< Of its kind, by AUC.
};

/// What a queue ordered by score does for camera pictures.
struct TriageRow {
  std::string condition;
  /// The share of the camera pictures that the first 5, 10, 20 and 50 % of the queue reach.
  std::array<double, 4> first{};
  double last_tenth = 0;  ///< The share left to the last tenth: the dangerous error.
};
inline constexpr std::array<double, 4> kTriageShares = {0.05, 0.10, 0.20, 0.50};

/// A source most of whose held-out ratios mislead, where those of others do not: its labels may be
/// swapped, or it holds something else than the rest.
struct OutlierSource {
  std::string source;
  Proportion misleading;
  Proportion elsewhere;
};

/// All that is measured of one detector.
struct DetectorEvaluation {
  DetectorIdentity detector;
  Learning learning = Learning::none;
  bool is_constant = false;  ///< Every score is the same: it says nothing.
  /// By sources, by generators, by date, at random.
  std::vector<SplitRow> splits;
  /// By source; calibrated, and all decisions fixed, on clean material. In the table's order.
  std::vector<ConditionRow> sweep;
  /// By source; calibrated in the condition itself. Empty where the table has none of them.
  std::vector<ConditionRow> equalised;
  FixedDecisions fixed;
  std::vector<GroupRow> groups;
  std::vector<TriageRow> triage;
  std::vector<OutlierSource> outliers;
  /// The condition whose figures may stand first: "clean", or of a flagged set an equalised one,
  /// calibrated in itself; "" where a flagged set has none.
  std::string headline;
  /// Held-out scores of the headline, by reference.
  HeldOutScores headline_scores;

  /// The equalised cell that a calibration rests on; null where there is none.
  [[nodiscard]] const Cell* equalised_cell() const;
};

/// A reference that is not in the figures, and why.
struct LeftOut {
  std::string path;
  std::string reason;
};

/// An evaluation of one or more detectors with one manifest.
struct Evaluation {
  Sha256 manifest;
  std::vector<Reference> references;  ///< Those examined.
  std::vector<LeftOut> left_out;
  ConfoundCheck confounds;
  EvaluationOptions options;
  std::vector<DetectorEvaluation> detectors;
  /// Of those that were not fitted to these references, where there are two or more; measured as
  /// the last of `detectors`.
  std::optional<FusionCheck> fusion;
};

/// Measures one detector. `facts` are by reference. The result depends on its parameters alone, not
/// on the number of threads.
DetectorEvaluation evaluate(std::span<const Reference> references, std::span<const FileFacts> facts,
                            const AssessmentTable& table, const Learner& learner,
                            const DetectorIdentity& detector, const ConfoundCheck& confounds,
                            const EvaluationOptions& options);

}  // namespace safelight::synthesis
