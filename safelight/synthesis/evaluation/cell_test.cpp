#include "safelight/synthesis/evaluation/cell.h"

#include <cmath>
#include <gtest/gtest.h>
#include <numeric>

#include "safelight/synthesis/evaluation/references_for_test.h"

namespace safelight::synthesis {
namespace {

struct Measured {
  std::vector<Reference> references;
  HeldOutScores scores;
  FixedDecisions fixed;

  [[nodiscard]] Cell cell(size_t threads = 1) const {
    std::vector<size_t> rows(references.size());
    std::iota(rows.begin(), rows.end(), size_t{0});
    return measure_cell(references, scores, rows, fixed, {200, 1, threads});
  }
};

Measured measured(double distance) {
  Measured out;
  out.references = invented_references(6, 80);
  const AssessmentTable table = clean_table(normal_scores(out.references, distance, 4));
  out.scores = score_held_out(out.references, FixedLearner(table), {}).by_condition[0];
  out.fixed = fix_decisions(out.references, out.scores);
  return out;
}

TEST(Cell, FiguresOfAnOrdinaryDetectorLieWhereTheoryPutsThem) {
  const Cell cell = measured(2).cell();
  EXPECT_EQ(cell.camera, 480u);
  EXPECT_EQ(cell.generated, 480u);
  // Of two normal classes, 2 apart: Phi(sqrt 2), and Phi(1).
  EXPECT_NEAR(cell.auc.estimate, 0.921, 0.02);
  EXPECT_NEAR(cell.balanced_accuracy, 0.841, 0.03);
  EXPECT_LT(cell.auc.interval.lower, cell.auc.estimate);
  EXPECT_GT(cell.auc.interval.upper, cell.auc.estimate);
  EXPECT_NEAR(cell.cllr.estimate, cell.cllr_min + cell.cllr_cal, 1e-12);
  EXPECT_LT(cell.cllr.estimate, 0.6);
  EXPECT_NEAR(cell.misleading.camera.share(), 0.159, 0.04);
  // At thresholds fixed in this very cell both true positive rates are one.
  EXPECT_NEAR(cell.at[1].fixed_true_positive, cell.at[1].true_positive_rate, 0.01);
  EXPECT_NEAR(cell.at[1].fixed_false_positive, 0.05, 0.01);
}

TEST(Cell, CertifiedAbstentionDecidesSomeAndErrsLittle) {
  const Measured good = measured(4);
  const Cell cell = good.cell();
  ASSERT_TRUE(good.fixed.abstention);
  EXPECT_GT(cell.decisions.coverage().share(), 0.7);
  EXPECT_LT(cell.decisions.error().share(), 0.05);
  EXPECT_LT(measured(0).cell().decisions.coverage().share(), 0.1);
}

TEST(Cell, FixedDecisionsNameTheGroupsThatDecidedThem) {
  const Measured even = measured(4);
  std::vector<double> scores = normal_scores(even.references, 4, 4);
  for (size_t row = 0; row < even.references.size(); ++row) {
    // One generator looks more like a camera than the others, one camera more like a generator.
    if (even.references[row].generator == "model 3") scores[row] -= 1.5;
    if (even.references[row].source == "camera 2") scores[row] += 1.5;
  }
  const AssessmentTable table = clean_table(scores);
  HeldOutScores held_out = score_held_out(even.references, FixedLearner(table), {}).by_condition[0];
  const FixedDecisions worst = fix_decisions(even.references, held_out);
  ASSERT_TRUE(worst.abstention);
  EXPECT_TRUE(worst.abstention->camera_below.threshold);
  EXPECT_EQ(worst.camera_decided_by, (CertifiedGroup{"model 3", 80}));
  EXPECT_EQ(worst.generated_decided_by, (CertifiedGroup{"camera 2", 80}));

  // The first camera is left with too few pictures.
  for (size_t row = 0; row < 70; ++row) held_out[row].reset();
  const FixedDecisions few = fix_decisions(even.references, held_out);
  ASSERT_TRUE(few.abstention);
  EXPECT_FALSE(few.abstention->generated_from.threshold);
  EXPECT_EQ(few.generated_decided_by, (CertifiedGroup{"camera 0", 10}));
}

TEST(Cell, WhatIsNotAssessedIsCountedAndNotMeasured) {
  Measured some = measured(2);
  const Cell before = some.cell();
  some.scores[0].reset();
  some.scores.back().reset();
  const Cell cell = some.cell();
  EXPECT_EQ(cell.camera_not_assessed, 1u);
  EXPECT_EQ(cell.generated_not_assessed, 1u);
  EXPECT_EQ(cell.camera, before.camera - 1);
}

TEST(Cell, WithoutAClassNothingIsMeasured) {
  Measured some = measured(2);
  for (size_t row = 0; row < 480; ++row) some.scores[row].reset();
  const Cell cell = some.cell();
  EXPECT_TRUE(std::isnan(cell.auc.estimate));
  EXPECT_TRUE(std::isnan(cell.cllr.estimate));
  EXPECT_TRUE(std::isnan(cell.at[0].fixed_false_positive));
  EXPECT_EQ(cell.camera_not_assessed, 480u);
  const FixedDecisions none = fix_decisions(some.references, some.scores);
  EXPECT_FALSE(none.abstention);
  EXPECT_EQ(none.camera_decided_by, CertifiedGroup{});
}

TEST(Cell, TheNumberOfThreadsChangesNothing) {
  const Measured some = measured(1);
  const Cell one = some.cell(1);
  const Cell three = some.cell(3);
  EXPECT_EQ(one.auc.interval, three.auc.interval);
  EXPECT_EQ(one.cllr.interval, three.cllr.interval);
}

}  // namespace
}  // namespace safelight::synthesis
