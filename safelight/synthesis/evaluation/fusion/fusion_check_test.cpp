#include "safelight/synthesis/evaluation/fusion/fusion_check.h"

#include <cmath>
#include <gtest/gtest.h>

#include "safelight/synthesis/evaluation/references_for_test.h"

namespace safelight::synthesis {
namespace {

struct Set {
  std::vector<Reference> references = invented_references(6, 30);
  AssessmentTable first;
  AssessmentTable second;

  [[nodiscard]] FusionLearner learner() const {
    return {references, {{{"a", {}, {}}, &first}, {{"b", {}, {}}, &second}}};
  }
};

Set set_of(double first, double second) {
  Set out;
  out.first = clean_table(normal_scores(out.references, first, 1));
  out.second = clean_table(normal_scores(out.references, second, 2));
  return out;
}

TEST(FusionCheck, TwoThatKnowDifferentThingsPay) {
  const Set set = set_of(1.5, 1.5);
  const auto check = check_fusion(set.references, set.learner());
  ASSERT_TRUE(check);
  ASSERT_EQ(check->member_cllrs.size(), 2u);
  EXPECT_LT(check->cllr, check->member_cllrs[0]);
  EXPECT_LT(check->cllr, check->member_cllrs[1]);
  EXPECT_TRUE(check->pays());
}

TEST(FusionCheck, TheSameDetectorTwiceDoesNotPay) {
  Set set = set_of(2, 2);
  set.second = set.first;
  const auto check = check_fusion(set.references, set.learner());
  ASSERT_TRUE(check);
  EXPECT_NEAR(check->cllr, check->member_cllrs[0], 0.02);
  set.second = clean_table(normal_scores(set.references, -2, 3));
  const auto reversed = check_fusion(set.references, set.learner());
  ASSERT_TRUE(reversed);
  EXPECT_LT(reversed->cllr, reversed->member_cllrs[0]);
  EXPECT_FALSE(reversed->pays()) << "what reads a member against itself is not to be used";
}

TEST(FusionCheck, WhatReferencesDoNotAllowDoesNotPay) {
  Set set = set_of(2, 2);
  for (Reference& reference : set.references) {
    if (reference.truth == Proposition::generated) reference.generator = "one";
  }
  const auto check = check_fusion(set.references, set.learner());
  ASSERT_TRUE(check);
  EXPECT_FALSE(check->pays());
  for (TableEntry& entry : set.second.entries[0]) entry.score.reset();
  EXPECT_FALSE(check_fusion(set.references, set.learner()));
}

TEST(FusionCheck, MembersAreComparedOnWhatAllCanAssess) {
  Set set = set_of(2, 2);
  // The first is wrong wherever the second has nothing to say.
  for (size_t row = 0; row < set.references.size(); row += 3) {
    set.second.entries[0][row].score.reset();
    set.first.entries[0][row].score = -*set.first.entries[0][row].score;
  }
  const auto check = check_fusion(set.references, set.learner());
  ASSERT_TRUE(check);
  EXPECT_LT(check->member_cllrs[0], 0.7);
}

}  // namespace
}  // namespace safelight::synthesis
