#include "safelight/synthesis/evaluation/held_out.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "safelight/synthesis/evaluation/references_for_test.h"
#include "safelight/synthesis/evaluation/source_learner_for_test.h"
#include "safelight/synthesis/likelihood/measures/cllr.h"

namespace safelight::synthesis {
namespace {

TEST(HeldOut, WhatIsKnownOfSourcesHelpsOnlyWhereASourceIsOnBothSides) {
  const auto references = invented_references(8, 25);
  const SourceLearner learner(references);
  const auto cost = [&](Split split) {
    const HeldOut held_out = score_held_out(references, learner, {split, 1, 0, {0}});
    return cllr(log10_lrs_of(references, held_out.by_condition[0]));
  };
  EXPECT_GT(cost(Split::by_source), 0.95);
  EXPECT_LT(cost(Split::random), 0.2);
}

TEST(HeldOut, EveryReferenceIsScoredByWhatHasNotSeenItsSource) {
  const auto references = invented_references(6, 20);
  const AssessmentTable table = clean_table(normal_scores(references, 3, 2));
  const HeldOut held_out = score_held_out(references, FixedLearner(table), {});
  EXPECT_EQ(held_out.folds, 12u);
  EXPECT_EQ(held_out.failed_folds, 0u);
  for (size_t row = 0; row < references.size(); ++row) {
    ASSERT_TRUE(held_out.by_condition[0][row]);
    EXPECT_EQ(held_out.by_condition[0][row]->score, table.entries[0][row].score);
  }
  const TwoClassValues ratios = log10_lrs_of(references, held_out.by_condition[0]);
  EXPECT_LT(cllr(ratios), 0.5);
  // No ratio says more than the number of references supports.
  EXPECT_LE(*std::max_element(ratios.camera.begin(), ratios.camera.end()), 2.1);
}

TEST(HeldOut, WhatIsNotAssessableHasNoRatioAndSpoilsNoOther) {
  const auto references = invented_references(6, 20);
  AssessmentTable table = clean_table(normal_scores(references, 3, 2));
  table.entries[0][7].score.reset();
  const HeldOut held_out = score_held_out(references, FixedLearner(table), {});
  EXPECT_FALSE(held_out.by_condition[0][7]);
  EXPECT_EQ(scores_of(references, held_out.by_condition[0]).camera.size(), 119u);
}

TEST(HeldOut, ACalibrationOfOneConditionIsHeldAgainstAnother) {
  const auto references = invented_references(6, 20);
  AssessmentTable table = clean_table(normal_scores(references, 3, 2));
  table.conditions.emplace_back("shifted");
  table.entries.push_back(table.entries[0]);
  for (TableEntry& entry : table.entries[1]) *entry.score += 4;
  const HeldOut held_out =
      score_held_out(references, FixedLearner(table), {Split::by_source, 0, 0, {0, 1}});
  EXPECT_LT(cllr(log10_lrs_of(references, held_out.by_condition[0])), 0.5);
  EXPECT_GT(cllr(log10_lrs_of(references, held_out.by_condition[1])), 1);
}

TEST(HeldOut, AFoldOfWhichNothingCanBeLearntIsCounted) {
  const auto references = invented_references(2, 5);
  AssessmentTable table = clean_table(normal_scores(references, 3, 2));
  for (size_t row = 0; row < 10; ++row) table.entries[0][row].score.reset();
  const HeldOut held_out = score_held_out(references, FixedLearner(table), {});
  EXPECT_EQ(held_out.failed_folds, 4u);
  EXPECT_TRUE(scores_of(references, held_out.by_condition[0]).generated.empty());
}

}  // namespace
}  // namespace safelight::synthesis
