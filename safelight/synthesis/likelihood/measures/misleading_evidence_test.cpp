#include "safelight/synthesis/likelihood/measures/misleading_evidence.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "safelight/synthesis/likelihood/breath_set_for_test.h"

namespace safelight::synthesis {
namespace {

TEST(MisleadingEvidence, CountsEachSideAndNotRatiosOfOne) {
  const auto evidence = misleading_evidence(log10_of({0.5, 1, 3, 8}, {0.1, 1, 2}));
  EXPECT_EQ(evidence.camera, (Proportion{1, 4}));
  EXPECT_EQ(evidence.generated, (Proportion{1, 3}));
  const auto breath = misleading_evidence(breath_set(90));
  EXPECT_EQ(breath.camera.share(), 0.1);
  EXPECT_EQ(breath.generated.share(), 0.01);
}

TEST(MisleadingEvidence, OfAnEmptyClassThereIsNoShare) {
  const auto evidence = misleading_evidence(TwoClassValues{{}, {1}});
  EXPECT_EQ(evidence.camera, (Proportion{0, 0}));
  EXPECT_TRUE(std::isnan(evidence.camera.share()));
}

TEST(TippettPoints, GiveTheShareOfEachClassAtOrOverEachRatio) {
  const double infinity = std::numeric_limits<double>::infinity();
  const auto points = tippett_points(TwoClassValues{{-1, 1, 1, infinity}, {-1, 0}});
  ASSERT_EQ(points.size(), 4);
  EXPECT_EQ(points[0].log10_lr, -1);
  EXPECT_EQ(points[0].camera, 1);
  EXPECT_EQ(points[0].generated, 1);
  EXPECT_EQ(points[1].log10_lr, 0);
  EXPECT_EQ(points[1].camera, 0.75);
  EXPECT_EQ(points[1].generated, 0.5);
  EXPECT_EQ(points[2].generated, 0);
  EXPECT_EQ(points[3].log10_lr, infinity);
  EXPECT_EQ(points[3].camera, 0.25);
}

TEST(TippettPoints, AreNoneForNanAndForAnEmptyClass) {
  EXPECT_TRUE(tippett_points(TwoClassValues{{}, {1}}).empty());
  EXPECT_TRUE(tippett_points(TwoClassValues{{std::nan("")}, {1}}).empty());
}

}  // namespace
}  // namespace safelight::synthesis
