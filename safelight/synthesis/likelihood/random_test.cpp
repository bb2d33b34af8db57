#include "safelight/synthesis/likelihood/random.h"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>

namespace safelight::synthesis {
namespace {

TEST(Random, GivesTheSameNumbersForEver) {
  Random random(1);
  const uint64_t first = random.next();
  const uint64_t second = random.next();
  Random again(1);
  EXPECT_EQ(again.next(), first);
  EXPECT_EQ(again.next(), second);
  EXPECT_EQ(first, 6366115181607701404u);
  EXPECT_EQ(second, 849969928429367488u);
}

TEST(Random, StreamsAndSeedsDiffer) {
  EXPECT_NE(Random(1, 0).next(), Random(1, 1).next());
  EXPECT_NE(Random(1, 0).next(), Random(2, 0).next());
  EXPECT_NE(Random(1, 2).next(), Random(2, 1).next());
}

TEST(Random, DrawsEachNumberBelowTheBoundAboutAsOften) {
  Random random(7);
  std::array<int, 6> drawn{};
  for (int i = 0; i < 60'000; ++i) ++drawn.at(random.below(6));
  // Five standard deviations of a binomial of 60,000 draws and probability 1/6.
  for (const int times : drawn) EXPECT_NEAR(times, 10'000, 457);
}

TEST(Random, ABoundThatDoesNotDivideTheRangeIsNotBiased) {
  // With a plain remainder the lower third of this range would come twice as often.
  const uint64_t bound = (uint64_t{1} << 63) + (uint64_t{1} << 62);
  Random random(3);
  int in_lower_third = 0;
  for (int i = 0; i < 9'000; ++i) in_lower_third += random.below(bound) < bound / 3 ? 1 : 0;
  EXPECT_NEAR(in_lower_third, 3'000, 224);
}

TEST(Random, UnitsLieFromZeroToBelowOne) {
  Random random(5);
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double unit = random.unit();
    ASSERT_GE(unit, 0);
    ASSERT_LT(unit, 1);
    sum += unit;
  }
  EXPECT_NEAR(sum / 10'000, 0.5, 0.015);
}

}  // namespace
}  // namespace safelight::synthesis
