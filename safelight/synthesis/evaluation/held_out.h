#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "safelight/synthesis/evaluation/folds.h"
#include "safelight/synthesis/evaluation/learner.h"

namespace safelight::synthesis {

/// What was said of a reference by a model and a calibration that saw nothing of its group.
struct HeldOutScore {
  double score = 0;
  double log10_lr = 0;  ///< Bounded by what the fold's references support (elub.h).
};

/// Of one condition, by row; nothing for a row that is not assessable, or in no test.
using HeldOutScores = std::vector<std::optional<HeldOutScore>>;

/// How a learner fares with what it has not seen.
struct HeldOut {
  std::vector<HeldOutScores> by_condition;  ///< In the order of the conditions asked for.
  size_t folds = 0;
  size_t failed_folds = 0;  ///< Of which nothing could be learnt or calibrated.
};

/// What is held out, and what was learnt from.
struct Protocol {
  Split split = Split::by_source;
  uint64_t seed = 0;
  /// Places in the table's conditions: of what is learnt from, and of what is scored.
  size_t calibrated_in = 0;
  std::vector<size_t> tested_in = {0};
};

/// Learns and calibrates, fold by fold, and scores what the fold holds out. A learner that is
/// fitted is calibrated on scores that its fits to four fifths gave the fifth, because those of
/// what it was fitted to would flatter it; fifths of sources, but at random where the split is.
HeldOut score_held_out(std::span<const Reference> references, const Learner& learner,
                       const Protocol& protocol);

/// What a learner that is fitted says of each reference when nothing of its source was learnt from,
/// under every condition of `like`, whose strata it takes: scores that a calibration can be made
/// of.
AssessmentTable held_out_table(std::span<const Reference> references, const Learner& learner,
                               const AssessmentTable& like);

/// The scores of the rows that have one, by class; and their log10 LRs.
TwoClassValues scores_of(std::span<const Reference> references, const HeldOutScores& held_out);
TwoClassValues log10_lrs_of(std::span<const Reference> references, const HeldOutScores& held_out);

}  // namespace safelight::synthesis
