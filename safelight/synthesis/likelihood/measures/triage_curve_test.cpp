#include "safelight/synthesis/likelihood/measures/triage_curve.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include "safelight/synthesis/likelihood/normal_for_test.h"

namespace safelight::synthesis {
namespace {

TEST(TriageCurve, APerfectOrderReachesAllCameraPicturesFirst) {
  const TwoClassValues scores{{0, 1}, {2, 3, 4, 5, 6, 7, 8, 9}};
  EXPECT_EQ(camera_share_in_first(scores, 0), 0);
  EXPECT_EQ(camera_share_in_first(scores, 0.1), 0.5);
  EXPECT_EQ(camera_share_in_first(scores, 0.2), 1);
  EXPECT_EQ(camera_share_in_first(scores, 1), 1);
  EXPECT_EQ(camera_share_in_last(scores, 0.1), 0);
  EXPECT_EQ(camera_share_in_last(scores, 1), 1);
}

TEST(TriageCurve, TheWrongOrderLeavesThemToTheLast) {
  const TwoClassValues scores{{9}, {0, 1, 2, 3, 4, 5, 6, 7, 8}};
  EXPECT_EQ(camera_share_in_first(scores, 0.9), 0);
  EXPECT_EQ(camera_share_in_last(scores, 0.1), 1);
}

TEST(TriageCurve, EqualScoresGiveTheDiagonal) {
  const TwoClassValues scores{{1, 1, 1}, {1, 1}};
  for (const double share : {0.0, 0.1, 0.35, 1.0}) {
    EXPECT_NEAR(camera_share_in_first(scores, share), share, 1e-15);
    EXPECT_NEAR(camera_share_in_last(scores, share), share, 1e-15);
  }
}

TEST(TriageCurve, EqualScoresCountByTheirExpectation) {
  Random random(2);
  TwoClassValues scores{normal_values(12, 0, random), normal_values(8, 1, random)};
  for (auto* of_class : {&scores.camera, &scores.generated}) {
    for (double& score : *of_class) score = std::round(score);
  }
  struct Row {
    double score;
    uint64_t order;
    int camera;
  };
  double reached = 0;
  const int shuffles = 4000;
  for (int shuffle = 0; shuffle < shuffles; ++shuffle) {
    std::vector<Row> queue;
    for (const double s : scores.camera) queue.push_back({s, random.next(), 1});
    for (const double s : scores.generated) queue.push_back({s, random.next(), 0});
    std::ranges::sort(queue, {}, [](const Row& row) { return std::pair(row.score, row.order); });
    for (size_t i = 0; i < 7; ++i) reached += queue[i].camera;
  }
  // Five standard errors of the mean of 4,000 shuffles.
  EXPECT_NEAR(camera_share_in_first(scores, 7.0 / 20), reached / shuffles / 12, 0.006);
}

TEST(TriageCurve, IsNanOrEmptyForNanAndForAnEmptyClass) {
  for (const auto& scores :
       {TwoClassValues{{}, {1}}, TwoClassValues{{1}, {}}, TwoClassValues{{1, std::nan("")}, {1}}}) {
    EXPECT_TRUE(triage_curve(scores).empty());
    EXPECT_TRUE(std::isnan(camera_share_in_first(scores, 0.1)));
    EXPECT_TRUE(std::isnan(camera_share_in_last(scores, 0.1)));
  }
}

}  // namespace
}  // namespace safelight::synthesis
