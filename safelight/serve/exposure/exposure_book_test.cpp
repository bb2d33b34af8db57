#include "safelight/serve/exposure/exposure_book.h"

#include <gtest/gtest.h>

namespace safelight::serve {
namespace {

constexpr int64_t kDayNs = 86'400'000'000'000;
constexpr int64_t kNow = 1'764'500'000'000'000'000;

TEST(ExposureBook, CountsRevealsAndTimeByDayAndCategory) {
  ExposureBook book;
  book.began("ana", "1", kNow);
  book.shown("ana", kNow, 1500);
  book.began("ana", "undecided", kNow);
  book.shown("ana", kNow, 700);
  const ExposureDay today = book.today("ana", kNow);
  EXPECT_EQ(today.day, local_day(kNow));
  EXPECT_EQ(today.reveals, 2);
  EXPECT_EQ(today.shown_ms, 2200);
  EXPECT_EQ(today.by_category, (std::map<std::string, uint32_t>{{"1", 1}, {"undecided", 1}}));
}

TEST(ExposureBook, ADayBeginsAnew) {
  ExposureBook book;
  book.began("ana", "1", kNow - kDayNs);
  EXPECT_EQ(book.today("ana", kNow).reveals, 0);
  EXPECT_EQ(book.today("ana", kNow).day, local_day(kNow));
  ASSERT_EQ(book.days("ana", 10).size(), 1);
  EXPECT_EQ(book.days("ana", 10)[0].reveals, 1);
}

TEST(ExposureBook, TimeCountsOnTheDayOnWhichTheRevealBegan) {
  ExposureBook book;
  book.began("ana", "1", kNow - kDayNs);
  book.shown("ana", kNow - kDayNs, 4000);
  EXPECT_EQ(book.today("ana", kNow).shown_ms, 0);
  EXPECT_EQ(book.days("ana", 10)[0].shown_ms, 4000);
}

TEST(ExposureBook, GivesTheLatestDaysAscending) {
  ExposureBook book;
  for (int i = 0; i < 5; ++i) book.began("ana", "1", kNow - i * kDayNs);
  const auto days = book.days("ana", 3);
  ASSERT_EQ(days.size(), 3);
  EXPECT_EQ(days[2].day, local_day(kNow));
  EXPECT_EQ(days[0].day, local_day(kNow - 2 * kDayNs));
}

TEST(ExposureBook, ATeamIsTheSumOfItsPeople) {
  ExposureBook book;
  book.began("ana", "1", kNow);
  book.shown("ana", kNow, 1000);
  book.began("ben", "1", kNow);
  book.began("ben", "2", kNow - kDayNs);
  const auto team = book.team(kNow, 10);
  EXPECT_EQ(team.people, 2);
  EXPECT_EQ(team.today.reveals, 2);
  EXPECT_EQ(team.today.shown_ms, 1000);
  ASSERT_EQ(team.days.size(), 2);
  EXPECT_EQ(team.days[1], team.today);
  EXPECT_EQ(team.days[0].by_category.at("2"), 1);
}

TEST(ExposureBook, NobodyWasShownAnything) {
  const ExposureBook book;
  EXPECT_EQ(book.today("ana", kNow).reveals, 0);
  EXPECT_TRUE(book.days("ana", 10).empty());
  EXPECT_EQ(book.team(kNow, 10).people, 0);
}

TEST(Budget, IsUsedUpWhereEitherPartIs) {
  const ExposureBudget budget{2, 10, 0, 0};
  ExposureDay today;
  EXPECT_FALSE(left_of(budget, today).is_used_up());
  today.shown_ms = 9'999;
  EXPECT_EQ(left_of(budget, today).seconds, 1);
  today.shown_ms = 10'000;
  EXPECT_TRUE(left_of(budget, today).is_used_up());
  today = {};
  today.reveals = 3;
  EXPECT_EQ(left_of(budget, today).reveals, 0);
  EXPECT_TRUE(left_of(budget, today).is_used_up());
  EXPECT_FALSE(left_of({}, today).is_used_up());
}

}  // namespace
}  // namespace safelight::serve
