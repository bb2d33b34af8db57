#include "safelight/synthesis/likelihood/fit/figure_text.h"

#include <gtest/gtest.h>
#include <numbers>

namespace safelight::synthesis {
namespace {

TEST(FigureText, HasTheDigitsOfAFile) {
  EXPECT_EQ(coefficient_text(0.25), "2.500000000000e-01");
  EXPECT_EQ(coefficient_text(-12345678.5), "-1.234567850000e+07");
  EXPECT_EQ(bound_text(-1.62), "-1.620000");
}

TEST(FigureText, WhatIsReadBackIsWrittenAlike) {
  for (const double value : {std::numbers::pi, -1e-9 / 3, 2e11 / 7, 0.0}) {
    EXPECT_EQ(coefficient_text(as_coefficient(value)), coefficient_text(value));
    EXPECT_EQ(as_coefficient(as_coefficient(value)), as_coefficient(value));
  }
  EXPECT_EQ(as_bound(as_bound(std::numbers::pi)), as_bound(std::numbers::pi));
  EXPECT_NEAR(as_bound(std::numbers::pi), std::numbers::pi, 5e-7);
}

}  // namespace
}  // namespace safelight::synthesis
