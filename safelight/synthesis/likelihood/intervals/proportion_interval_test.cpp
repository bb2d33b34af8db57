#include "safelight/synthesis/likelihood/intervals/proportion_interval.h"

#include <cmath>
#include <gtest/gtest.h>

namespace safelight::synthesis {
namespace {

/// Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17,
/// 1998, table I: methods 3 and 5, to four digits.
constexpr double kFourDigits = 0.00005001;

void expect_interval(const Interval& interval, double lower, double upper) {
  EXPECT_NEAR(interval.lower, lower, kFourDigits);
  EXPECT_NEAR(interval.upper, upper, kFourDigits);
}

TEST(WilsonInterval, AgreesWithPublishedValues) {
  expect_interval(wilson_interval({81, 263}), 0.2553, 0.3662);
  expect_interval(wilson_interval({15, 148}), 0.0624, 0.1605);
  expect_interval(wilson_interval({0, 20}), 0.0000, 0.1611);
  expect_interval(wilson_interval({1, 29}), 0.0061, 0.1718);
}

TEST(ClopperPearsonInterval, AgreesWithPublishedValues) {
  expect_interval(clopper_pearson_interval({81, 263}), 0.2527, 0.3676);
  expect_interval(clopper_pearson_interval({15, 148}), 0.0578, 0.1617);
  expect_interval(clopper_pearson_interval({0, 20}), 0.0000, 0.1684);
  expect_interval(clopper_pearson_interval({1, 29}), 0.0009, 0.1776);
}

TEST(ClopperPearsonUpperBound, HasItsClosedFormWithoutAnyCount) {
  for (const size_t n : {1u, 20u, 58u, 59u, 1000u}) {
    const double expected = 1 - std::pow(0.05, 1 / static_cast<double>(n));
    EXPECT_NEAR(clopper_pearson_upper_bound({0, n}), expected, 1e-12);
  }
  // The rule that 59 draws without any are needed to show a rate under 5 %.
  EXPECT_GT(clopper_pearson_upper_bound({0, 58}), 0.05);
  EXPECT_LT(clopper_pearson_upper_bound({0, 59}), 0.05);
}

TEST(ClopperPearsonUpperBound, IsWhereSoFewBecomeUnlikely) {
  for (const auto& [count, of] : {Proportion{3, 40}, Proportion{17, 90}, Proportion{99, 100}}) {
    const double p = clopper_pearson_upper_bound({count, of});
    const auto n = static_cast<double>(of);
    double at_most = 0;
    for (size_t i = 0; i <= count; ++i) {
      const auto k = static_cast<double>(i);
      at_most += std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) +
                          k * std::log(p) + (n - k) * std::log1p(-p));
    }
    EXPECT_NEAR(at_most, 0.05, 1e-10);
  }
}

TEST(ProportionIntervals, MirrorWhatIsNotCounted) {
  for (const auto interval : {wilson_interval, clopper_pearson_interval}) {
    const Interval of_some = interval({7, 40}, 0.9);
    const Interval of_others = interval({33, 40}, 0.9);
    EXPECT_NEAR(of_some.lower, 1 - of_others.upper, 1e-12);
    EXPECT_NEAR(of_some.upper, 1 - of_others.lower, 1e-12);
  }
}

TEST(ProportionIntervals, OfNoneAndAllReachTheEnds) {
  for (const auto interval : {wilson_interval, clopper_pearson_interval}) {
    EXPECT_EQ(interval({0, 0}, 0.95), (Interval{0, 1}));
    EXPECT_EQ(interval({0, 9}, 0.95).lower, 0);
    EXPECT_EQ(interval({9, 9}, 0.95).upper, 1);
  }
}

}  // namespace
}  // namespace safelight::synthesis
