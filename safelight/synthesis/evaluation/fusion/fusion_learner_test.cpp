#include "safelight/synthesis/evaluation/fusion/fusion_learner.h"

#include <gtest/gtest.h>
#include <numeric>

#include "safelight/synthesis/evaluation/held_out.h"
#include "safelight/synthesis/evaluation/references_for_test.h"

namespace safelight::synthesis {
namespace {

TEST(FusionLearner, ScoresWhatAllItsMembersCanAssess) {
  const auto references = invented_references(4, 20);
  const auto first = clean_table(normal_scores(references, 2, 1));
  auto second = clean_table(normal_scores(references, 2, 2));
  second.entries[0][5].score.reset();
  const FusionLearner learner(references, {{{"a", {}, {}}, &first}, {{"b", {}, {}}, &second}});
  EXPECT_EQ(learner.learning(), Learning::each_fold);
  std::vector<size_t> rows(references.size());
  std::iota(rows.begin(), rows.end(), size_t{0});
  const auto fusion = learner.fit(rows);
  const auto scorer = learner.learn(rows);
  ASSERT_TRUE(fusion && scorer);
  EXPECT_FALSE((*scorer)->score(0, 5));
  EXPECT_EQ((*scorer)->score(0, 6), fusion->score(*learner.member_scores(0, 6)));
}

TEST(FusionLearner, ATableOfHeldOutScoresIsOfWhatHasNotSeenTheSource) {
  const auto references = invented_references(4, 20);
  auto first = clean_table(normal_scores(references, 2, 1));
  const auto second = clean_table(normal_scores(references, 2, 2));
  first.entries[0][3].stratum = {SizeBand::small, CompressionBand::strong};
  first.entries[0][7].score.reset();
  const FusionLearner learner(references, {{{"a", {}, {}}, &first}, {{"b", {}, {}}, &second}});
  const AssessmentTable table = held_out_table(references, learner, first);
  EXPECT_EQ(table.conditions, first.conditions);
  EXPECT_EQ(table.entries[0][3].stratum, first.entries[0][3].stratum);
  EXPECT_FALSE(table.entries[0][7].score);
  EXPECT_FALSE(table.entries[0][7].not_assessable.empty());
  std::vector<size_t> others;
  for (size_t row = 0; row < references.size(); ++row) {
    if (references[row].source != references[3].source) others.push_back(row);
  }
  const auto scorer = learner.learn(others);
  ASSERT_TRUE(scorer);
  EXPECT_EQ(table.entries[0][3].score, (*scorer)->score(0, 3));
  EXPECT_TRUE(table.entries[0][3].not_assessable.empty());
}

}  // namespace
}  // namespace safelight::synthesis
