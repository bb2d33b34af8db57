#include "safelight/synthesis/evaluation/evaluation.h"

#include <gmock/gmock.h>

#include "safelight/synthesis/evaluation/references_for_test.h"

namespace safelight::synthesis {
namespace {

constexpr EvaluationOptions kQuick = {1, 100, 1};
const ConfoundCheck kNotFlagged = {0.5};
const ConfoundCheck kFlagged = {0.8};

std::vector<FileFacts> facts_of(const std::vector<Reference>& references) {
  std::vector<FileFacts> out;
  for (size_t i = 0; i < references.size(); ++i) {
    out.push_back({i % 3 == 0 ? 800u : 1600u, 700, 100'000, "jpeg", 90, true});
  }
  return out;
}

/// Scores that are worth something clean and nothing once equalised.
AssessmentTable table_of(const std::vector<Reference>& references, double clean, double equalised) {
  AssessmentTable table = clean_table(normal_scores(references, clean, 4));
  table.conditions = {"clean", "jpeg_75", "equalised_85"};
  table.entries.push_back(table.entries[0]);
  table.entries.push_back(clean_table(normal_scores(references, equalised, 5)).entries[0]);
  return table;
}

DetectorEvaluation evaluated(const std::vector<Reference>& references, const AssessmentTable& table,
                             const ConfoundCheck& confounds) {
  return evaluate(references, facts_of(references), table, FixedLearner(table), {"d", {}, {}},
                  confounds, kQuick);
}

TEST(Evaluation, EverySplitConditionAndGroupHasItsRow) {
  auto references = invented_references(6, 20);
  const auto table = table_of(references, 2, 2);
  const DetectorEvaluation out = evaluated(references, table, kNotFlagged);
  ASSERT_EQ(out.splits.size(), 4u);
  EXPECT_TRUE(out.splits[0].cell);
  EXPECT_TRUE(out.splits[1].cell);
  EXPECT_FALSE(out.splits[2].cell) << "no dates";
  EXPECT_TRUE(out.splits[3].cell);
  ASSERT_EQ(out.sweep.size(), 3u);
  EXPECT_EQ(out.sweep[1].condition, "jpeg_75");
  ASSERT_EQ(out.equalised.size(), 1u);
  EXPECT_EQ(out.equalised_cell(), &out.equalised[0].cell);
  EXPECT_EQ(out.headline, "clean");
  std::vector<std::string> groups;
  size_t worst = 0;
  for (const GroupRow& row : out.groups) {
    groups.push_back(row.name);
    worst += row.is_worst ? 1 : 0;
  }
  EXPECT_THAT(groups, testing::ElementsAre("model 0", "model 1", "model 2", "model 3", "model 4",
                                           "model 5", "Maker A", "Maker B", "large", "small"));
  EXPECT_EQ(worst, 3u);
  EXPECT_EQ(out.triage.size(), 2u);
  EXPECT_FALSE(out.is_constant);
  EXPECT_TRUE(out.outliers.empty());
}

TEST(Evaluation, OfAFlaggedSetTheEqualisedConditionStandsFirst) {
  const auto references = invented_references(6, 20);
  const auto table = table_of(references, 4, 0);
  const DetectorEvaluation out = evaluated(references, table, kFlagged);
  EXPECT_EQ(out.headline, "equalised_85");
  EXPECT_LT(out.sweep[0].cell.cllr.estimate, 0.3);
  EXPECT_GT(out.equalised_cell()->cllr.estimate, 0.9);
  AssessmentTable clean_only = table;
  clean_only.conditions.resize(1);
  clean_only.entries.resize(1);
  EXPECT_EQ(evaluated(references, clean_only, kFlagged).headline, "");
}

TEST(Evaluation, ASourceWithSwappedLabelsIsReported) {
  auto references = invented_references(6, 20);
  const auto table = table_of(references, 3, 3);
  for (Reference& reference : references) {
    if (reference.source == "camera 2") {
      reference.truth = Proposition::generated;
      reference.generator = "camera 2";
    }
  }
  const DetectorEvaluation out = evaluated(references, table, kNotFlagged);
  ASSERT_EQ(out.outliers.size(), 1u);
  EXPECT_EQ(out.outliers[0].source, "camera 2");
  EXPECT_GT(out.outliers[0].misleading.share(), 0.8);
  EXPECT_LT(out.outliers[0].elsewhere.share(), 0.2);
}

TEST(Evaluation, AConstantDetectorIsCalledOne) {
  const auto references = invented_references(6, 20);
  const auto table = clean_table(std::vector<double>(references.size(), 0.25));
  const DetectorEvaluation out = evaluated(references, table, kNotFlagged);
  EXPECT_TRUE(out.is_constant);
  EXPECT_DOUBLE_EQ(out.sweep[0].cell.auc.estimate, 0.5);
  EXPECT_NEAR(out.sweep[0].cell.cllr.estimate, 1, 1e-9);
}

TEST(Evaluation, OneClassOrOneSourceGivesNoFiguresAndNoFault) {
  const auto both = invented_references(1, 20);
  const auto table = clean_table(normal_scores(both, 2, 4));
  const DetectorEvaluation single = evaluated(both, table, {});
  EXPECT_FALSE(single.splits[0].cell);
  EXPECT_EQ(single.splits[0].folds, 0u);
  EXPECT_EQ(single.headline, "");
  const std::vector<Reference> cameras(both.begin(), both.begin() + 20);
  const auto of_cameras = clean_table(normal_scores(cameras, 2, 4));
  const DetectorEvaluation one_class = evaluated(cameras, of_cameras, {});
  EXPECT_FALSE(one_class.splits[0].cell);
  EXPECT_FALSE(one_class.splits[3].cell);
}

}  // namespace
}  // namespace safelight::synthesis
