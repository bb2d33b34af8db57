#include "safelight/synthesis/likelihood/fit/pav.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <map>

#include "safelight/synthesis/likelihood/normal_for_test.h"

namespace safelight::synthesis {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Pav, ClassesOfTheSameValuesGiveRatiosOfOne) {
  TwoClassValues values;
  for (int i = 0; i < 10; ++i) {
    values.camera.push_back(0.1 * i);
    values.generated.push_back(0.1 * i);
  }
  const auto pav = fit_pav(values);
  ASSERT_TRUE(pav);
  for (const double value : values.camera) EXPECT_EQ(pav->log10_lr(value), 0);
}

TEST(Pav, InterleavedClassesGiveZeroThenOnesThenInfinity) {
  TwoClassValues values;
  for (int i = 0; i < 10; ++i) {
    values.generated.push_back(0.1 * i);
    values.camera.push_back(0.1 * i + 0.05);
  }
  const auto pav = fit_pav(values);
  ASSERT_TRUE(pav);
  EXPECT_EQ(pav->log10_lr(0), -kInfinity);
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(pav->log10_lr(values.camera[i]), 0);
    EXPECT_EQ(pav->log10_lr(values.generated[i + 1]), 0);
  }
  EXPECT_EQ(pav->log10_lr(values.camera.back()), kInfinity);
}

TEST(Pav, EqualValuesArePooled) {
  const auto pav = fit_pav(TwoClassValues{{1, 1, 1, 2}, {1, 2, 0, 0}});
  ASSERT_TRUE(pav);
  ASSERT_EQ(pav->blocks.size(), 2);
  EXPECT_EQ(pav->blocks[0].log10_lr, -kInfinity);
  // At 1 three to one, at 2 one to one: four to two together.
  EXPECT_EQ(pav->blocks[1].low, 1);
  EXPECT_EQ(pav->blocks[1].high, 2);
  EXPECT_NEAR(pav->blocks[1].log10_lr, std::log10(2), 1e-15);
}

TEST(Pav, EachClassCountsHalf) {
  const auto pav = fit_pav(TwoClassValues{{1, 1, 1, 1}, {1}});
  ASSERT_TRUE(pav);
  EXPECT_EQ(pav->log10_lr(1), 0);
}

TEST(Pav, BetweenBlocksTheOneThatSaysLessHolds) {
  const auto pav = fit_pav(TwoClassValues{{2, 4, 4}, {0, 2, 2, 4}});
  ASSERT_TRUE(pav);
  ASSERT_EQ(pav->blocks.size(), 3);
  EXPECT_EQ(pav->log10_lr(-1), -kInfinity);
  EXPECT_EQ(pav->log10_lr(1), pav->blocks[1].log10_lr);
  EXPECT_LT(pav->blocks[1].log10_lr, 0);
  EXPECT_EQ(pav->log10_lr(3), pav->blocks[1].log10_lr);
  EXPECT_EQ(pav->log10_lr(9), pav->blocks[2].log10_lr);
}

TEST(Pav, InfiniteValuesAreOrdinaryOnes) {
  const auto pav = fit_pav(TwoClassValues{{0, kInfinity}, {-kInfinity, kInfinity}});
  ASSERT_TRUE(pav);
  EXPECT_EQ(pav->log10_lr(-kInfinity), -kInfinity);
  EXPECT_NEAR(pav->log10_lr(kInfinity), std::log10(2), 1e-15);
}

/// Isotonic regression by its max-min formula (Robertson, Wright and Dykstra 1988, theorem 1.4.4).
double plain_pav(const TwoClassValues& values, double at) {
  std::map<double, std::pair<double, double>> groups;
  const auto n_camera = static_cast<double>(values.camera.size());
  const auto n_generated = static_cast<double>(values.generated.size());
  for (const double value : values.camera) groups[value].first += 1 / n_camera;
  for (const double value : values.generated) groups[value].second += 1 / n_generated;
  double best = 0;
  for (auto from = groups.begin(); from != groups.end() && from->first <= at; ++from) {
    double worst = 1;
    std::pair<double, double> sum{0, 0};
    for (auto to = from; to != groups.end(); ++to) {
      sum.first += to->second.first;
      sum.second += to->second.second;
      if (to->first >= at) worst = std::min(worst, sum.first / (sum.first + sum.second));
    }
    best = std::max(best, worst);
  }
  return std::log10(best / (1 - best));
}

TEST(Pav, AgreesWithThePlainFormula) {
  Random random(4);
  for (int set = 0; set < 40; ++set) {
    TwoClassValues values;
    for (size_t i = 0; i < 5 + random.below(20); ++i) {
      values.camera.push_back(static_cast<double>(random.below(15)) + 2);
    }
    for (size_t i = 0; i < 5 + random.below(20); ++i) {
      values.generated.push_back(static_cast<double>(random.below(15)));
    }
    const auto pav = fit_pav(values);
    ASSERT_TRUE(pav);
    for (const auto* of_class : {&values.camera, &values.generated}) {
      for (const double value : *of_class) {
        const double expected = plain_pav(values, value);
        if (std::abs(expected) > 12) {
          EXPECT_EQ(pav->log10_lr(value), expected > 0 ? kInfinity : -kInfinity);
        } else {
          EXPECT_NEAR(pav->log10_lr(value), expected, 1e-9);
        }
      }
    }
  }
}

TEST(Pav, RefusesNanAndOneClass) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto& values :
       {TwoClassValues{{1}, {}}, TwoClassValues{{}, {1}}, TwoClassValues{{1, nan}, {1}}}) {
    const auto pav = fit_pav(values);
    ASSERT_FALSE(pav);
    EXPECT_EQ(pav.error(), (Error{ErrorCode::malformed, "pav.values"}));
  }
}

}  // namespace
}  // namespace safelight::synthesis
