#include "safelight/synthesis/likelihood/measures/discrimination.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "safelight/synthesis/likelihood/normal_for_test.h"

namespace safelight::synthesis {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TwoClassValues coarse_scores(uint64_t seed) {
  Random random(seed);
  TwoClassValues scores{normal_values(2 + random.below(40), 0, random),
                        normal_values(2 + random.below(40), 1, random)};
  for (auto* of_class : {&scores.camera, &scores.generated}) {
    for (double& score : *of_class) score = std::round(2 * score);
  }
  return scores;
}

TEST(Auc, CountsPairsAndHalvesTies) {
  EXPECT_EQ(auc(TwoClassValues{{0, 1}, {2, 3}}), 1);
  EXPECT_EQ(auc(TwoClassValues{{2, 3}, {0, 1}}), 0);
  EXPECT_EQ(auc(TwoClassValues{{1, 1, 1}, {1}}), 0.5);
  EXPECT_EQ(auc(TwoClassValues{{1, 2}, {2, 3}}), 3.5 / 4);
  EXPECT_EQ(auc(TwoClassValues{{-kInfinity}, {kInfinity}}), 1);
}

TEST(Auc, AgreesWithAllPairsAndWithTheAreaUnderTheCurve) {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    const auto scores = coarse_scores(seed);
    double won = 0;
    for (const double c : scores.camera) {
      for (const double g : scores.generated) won += g > c ? 1 : g == c ? 0.5 : 0;
    }
    won /= static_cast<double>(scores.camera.size() * scores.generated.size());
    EXPECT_NEAR(auc(scores), won, 1e-12);
    const auto curve = roc_curve(scores);
    double area = 0;
    for (size_t i = 1; i < curve.size(); ++i) {
      area += (curve[i].false_positive_rate - curve[i - 1].false_positive_rate) *
              (curve[i].true_positive_rate + curve[i - 1].true_positive_rate) / 2;
    }
    EXPECT_NEAR(area, won, 1e-12);
  }
}

TEST(RocCurve, GoesFromNothingToAll) {
  const auto curve = roc_curve(TwoClassValues{{1, 2}, {2, 3}});
  ASSERT_EQ(curve.size(), 4);
  EXPECT_EQ(curve[0].threshold, kInfinity);
  EXPECT_EQ(curve[0].true_positive_rate, 0);
  EXPECT_EQ(curve[1].threshold, 3);
  EXPECT_EQ(curve[1].false_positive_rate, 0);
  EXPECT_EQ(curve[1].true_positive_rate, 0.5);
  EXPECT_EQ(curve[2].false_positive_rate, 0.5);
  EXPECT_EQ(curve[2].true_positive_rate, 1);
  EXPECT_EQ(curve[3].false_positive_rate, 1);
}

TEST(Threshold, IsTheLeastThatKeepsTheRate) {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    const auto scores = coarse_scores(seed);
    for (const double rate : {0.0, 0.01, 0.05, 0.1, 0.5, 1.0}) {
      double best = 0;
      for (const auto& point : roc_curve(scores)) {
        if (point.false_positive_rate <= rate) best = std::max(best, point.true_positive_rate);
      }
      EXPECT_EQ(true_positive_rate_at(scores, rate), best);
      const double threshold = threshold_for_false_positive_rate(scores, rate);
      double false_positives = 0;
      for (const double c : scores.camera) false_positives += c >= threshold ? 1 : 0;
      EXPECT_LE(false_positives / static_cast<double>(scores.camera.size()), rate);
    }
  }
}

TEST(Threshold, LiesHalfwayToTheNextScore) {
  EXPECT_EQ(threshold_for_false_positive_rate(TwoClassValues{{1, 2, 3, 4}, {7}}, 0), 5.5);
  EXPECT_EQ(threshold_for_false_positive_rate(TwoClassValues{{1, 2, 3, 4}, {7}}, 0.25), 3.5);
  EXPECT_EQ(threshold_for_false_positive_rate(TwoClassValues{{1, 2, 3, 4}, {7}}, 1), -kInfinity);
  EXPECT_EQ(threshold_for_false_positive_rate(TwoClassValues{{4}, {1}}, 0),
            std::nextafter(4, kInfinity));
}

TEST(Threshold, ARateThatIsAWholeNumberOfPicturesIsReached) {
  TwoClassValues scores{{}, {200}};
  for (int i = 0; i < 100; ++i) scores.camera.push_back(i);
  EXPECT_EQ(threshold_for_false_positive_rate(scores, 0.29), 70.5);
}

TEST(BalancedAccuracy, IsTheMeanOfBothClasses) {
  const TwoClassValues scores{{0, 0, 0, 1}, {1, 1, 0}};
  EXPECT_NEAR(balanced_accuracy(scores, 1), (0.75 + 2.0 / 3) / 2, 1e-15);
  EXPECT_EQ(balanced_accuracy(scores, -kInfinity), 0.5);
}

TEST(Discrimination, IsNanOrEmptyForNanAndForAnEmptyClass) {
  for (const auto& scores :
       {TwoClassValues{{}, {1}}, TwoClassValues{{1}, {}}, TwoClassValues{{1, std::nan("")}, {1}}}) {
    EXPECT_TRUE(std::isnan(auc(scores)));
    EXPECT_TRUE(std::isnan(threshold_for_false_positive_rate(scores, 0.1)));
    EXPECT_TRUE(std::isnan(true_positive_rate_at(scores, 0.1)));
    EXPECT_TRUE(std::isnan(balanced_accuracy(scores, 0)));
    EXPECT_TRUE(roc_curve(scores).empty());
  }
}

}  // namespace
}  // namespace safelight::synthesis
