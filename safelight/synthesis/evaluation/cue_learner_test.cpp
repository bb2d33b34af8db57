#include "safelight/synthesis/evaluation/cue_learner.h"

#include <gtest/gtest.h>
#include <numeric>

#include "safelight/synthesis/evaluation/equalised_conditions.h"
#include "safelight/synthesis/evaluation/held_out.h"
#include "safelight/synthesis/evaluation/references_for_test.h"
#include "safelight/synthesis/likelihood/measures/discrimination.h"

namespace safelight::synthesis {
namespace {

/// Two cues: one that tells the classes apart, one that does not.
AssessmentTable table_with_cues(const std::vector<Reference>& references) {
  AssessmentTable table = clean_table(normal_scores(references, 0, 1));
  table.cue_names = {"telling", "idle"};
  const auto telling = normal_scores(references, 2, 2);
  const auto idle = normal_scores(references, 0, 3);
  for (size_t row = 0; row < references.size(); ++row) {
    table.entries[0][row].cues = {telling[row], 100 * idle[row]};
  }
  return table;
}

TEST(CueLearner, LearnsFromTheCuesWhatTheShippedScoreDoesNotTell) {
  const auto references = invented_references(6, 30);
  const AssessmentTable table = table_with_cues(references);
  const HeldOut held_out = score_held_out(references, CueLearner(references, table), {});
  EXPECT_EQ(held_out.failed_folds, 0u);
  EXPECT_GT(auc(scores_of(references, held_out.by_condition[0])), 0.85);
}

TEST(CueLearner, TheEqualisedCopiesAreLearntFromToo) {
  const auto references = invented_references(6, 30);
  AssessmentTable table = table_with_cues(references);
  table.conditions.emplace_back(kEqualisedConditions[0]);
  table.entries.push_back(table.entries[0]);
  // Only the copies have cues.
  for (TableEntry& entry : table.entries[0]) entry.cues.clear();
  const HeldOut held_out =
      score_held_out(references, CueLearner(references, table), {Split::by_source, 0, 1, {0, 1}});
  EXPECT_GT(auc(scores_of(references, held_out.by_condition[1])), 0.85);
  EXPECT_TRUE(scores_of(references, held_out.by_condition[0]).camera.empty());
}

TEST(CueLearner, WithoutCuesNothingIsLearnt) {
  const auto references = invented_references(3, 5);
  const AssessmentTable table = clean_table(normal_scores(references, 2, 1));
  std::vector<size_t> rows(references.size());
  std::iota(rows.begin(), rows.end(), size_t{0});
  EXPECT_FALSE(CueLearner(references, table).learn(rows));
}

}  // namespace
}  // namespace safelight::synthesis
