#include "safelight/serve/exposure/breaks.h"

#include <gtest/gtest.h>

namespace safelight::serve {
namespace {

constexpr int64_t kMinute = 60'000'000'000;
constexpr int64_t kStart = 1'000'000 * kMinute;
constexpr ExposureBudget kBudget{std::nullopt, std::nullopt, 50, 10};

/// Reviews each minute from the start until `minutes` have passed.
std::optional<int64_t> review_for(Breaks& breaks, int minutes) {
  std::optional<int64_t> out;
  for (int i = 0; i <= minutes; ++i) out = breaks.reviewing("ana", kBudget, kStart + i * kMinute);
  return out;
}

TEST(Breaks, AreDueAfterAStretchOfReviewing) {
  Breaks breaks;
  EXPECT_EQ(review_for(breaks, 49), std::nullopt);
  EXPECT_EQ(breaks.next("ana", kBudget, kStart + 49 * kMinute), kStart + 50 * kMinute);
  EXPECT_EQ(breaks.reviewing("ana", kBudget, kStart + 50 * kMinute), kStart + 60 * kMinute);
  EXPECT_EQ(breaks.until("ana", kStart + 55 * kMinute), kStart + 60 * kMinute);
  EXPECT_EQ(breaks.reviewing("ana", kBudget, kStart + 55 * kMinute), kStart + 60 * kMinute);
}

TEST(Breaks, BeginANewStretchWhenTheyEnd) {
  Breaks breaks;
  review_for(breaks, 50);
  EXPECT_EQ(breaks.until("ana", kStart + 60 * kMinute), std::nullopt);
  EXPECT_EQ(breaks.reviewing("ana", kBudget, kStart + 60 * kMinute), std::nullopt);
  EXPECT_EQ(breaks.next("ana", kBudget, kStart + 60 * kMinute), kStart + 110 * kMinute);
}

TEST(Breaks, WhoWasAwayAsLongHadOne) {
  Breaks breaks;
  review_for(breaks, 45);
  EXPECT_EQ(breaks.next("ana", kBudget, kStart + 55 * kMinute), std::nullopt);
  EXPECT_EQ(breaks.reviewing("ana", kBudget, kStart + 55 * kMinute), std::nullopt);
  EXPECT_EQ(breaks.next("ana", kBudget, kStart + 55 * kMinute), kStart + 105 * kMinute);
}

TEST(Breaks, CanBeTakenBeforeTheirTimeAndAreNotMadeShorter) {
  Breaks breaks;
  breaks.begin("ana", 15, kStart);
  EXPECT_EQ(breaks.until("ana", kStart), kStart + 15 * kMinute);
  breaks.begin("ana", 5, kStart + kMinute);
  EXPECT_EQ(breaks.until("ana", kStart + kMinute), kStart + 15 * kMinute);
  EXPECT_EQ(breaks.reviewing("ana", kBudget, kStart + 2 * kMinute), kStart + 15 * kMinute);
}

TEST(Breaks, OfOnePersonAreNotAnothers) {
  Breaks breaks;
  review_for(breaks, 50);
  EXPECT_EQ(breaks.until("ben", kStart + 51 * kMinute), std::nullopt);
  EXPECT_EQ(breaks.reviewing("ben", kBudget, kStart + 51 * kMinute), std::nullopt);
}

TEST(Breaks, ThereAreNoneWhereTheBudgetHasNone) {
  Breaks breaks;
  const ExposureBudget none{std::nullopt, std::nullopt, 0, 10};
  for (int i = 0; i < 500; ++i) {
    EXPECT_EQ(breaks.reviewing("ana", none, kStart + i * kMinute), std::nullopt);
  }
  EXPECT_EQ(breaks.next("ana", none, kStart + 500 * kMinute), std::nullopt);
}

TEST(Breaks, AClockThatIsSetBackBeginsAStretchAnew) {
  Breaks breaks;
  review_for(breaks, 49);
  EXPECT_EQ(breaks.reviewing("ana", kBudget, kStart - 100 * kMinute), std::nullopt);
  EXPECT_EQ(breaks.next("ana", kBudget, kStart - 100 * kMinute), kStart - 50 * kMinute);
}

TEST(Breaks, AClockThatIsSetBackMakesNoBreakLonger) {
  Breaks breaks;
  breaks.begin("ana", 10, kStart);
  EXPECT_TRUE(breaks.until("ana", kStart + 5 * kMinute));
  EXPECT_EQ(breaks.until("ana", kStart - 100 * kMinute), std::nullopt);
  EXPECT_EQ(breaks.reviewing("ana", kBudget, kStart - 100 * kMinute), std::nullopt);
}

}  // namespace
}  // namespace safelight::serve
