#include "safelight/serve/exposure/reveals.h"

#include <gtest/gtest.h>

#include "safelight/serve/accounts/accounts_for_test.h"

namespace safelight::serve {
namespace {

constexpr int64_t kMillisecond = 1'000'000;
constexpr int64_t kNow = 1'764'500'000'000'000'000;
constexpr uint32_t kMaxMs = 20'000;

class RevealsTest : public ::testing::Test {
 protected:
  std::string grant(const std::string& person, int64_t now_ns = kNow) {
    auto granted = reveals_.grant({person, "192.0.2.7", {}, "grey", "", now_ns, 0}, kMaxMs);
    ended_ = std::move(granted.ended);
    return granted.key;
  }

  testing::SeededRandom random_;
  Reveals reveals_{random_};
  std::optional<EndedReveal> ended_;
};

TEST_F(RevealsTest, APictureIsFetchedOnceByWhoMaySeeIt) {
  const auto key = grant("ana");
  EXPECT_FALSE(reveals_.begin(key, "ben", kNow));
  EXPECT_FALSE(reveals_.begin("another", "ana", kNow));
  const auto begun = reveals_.begin(key, "ana", kNow + kMillisecond);
  ASSERT_TRUE(begun);
  EXPECT_EQ(begun->began_ns, kNow + kMillisecond);
  EXPECT_FALSE(reveals_.begin(key, "ana", kNow + 2 * kMillisecond));
}

TEST_F(RevealsTest, APictureThatIsNotFetchedInTimeIsNotShown) {
  const auto key = grant("ana");
  EXPECT_FALSE(reveals_.begin(key, "ana", kNow + 30'001 * kMillisecond));
  EXPECT_TRUE(reveals_.expire(kNow + 30'001 * kMillisecond).empty());
  EXPECT_FALSE(reveals_.end(key, "ana", 5, kNow + 30'002 * kMillisecond));
}

TEST_F(RevealsTest, WhatTheBrowserSaysCountsAsFarAsItCanBe) {
  for (const auto& [said, after_ms, counts] :
       std::vector<std::tuple<uint64_t, int64_t, uint32_t>>{{1'200, 1'500, 1'200},
                                                            {9'000, 1'500, 1'500},
                                                            {90'000, 24'000, kMaxMs},
                                                            {~uint64_t{0}, 10, 10},
                                                            {500, -4'000, 0}}) {
    const auto key = grant("ana");
    ASSERT_TRUE(reveals_.begin(key, "ana", kNow));
    const auto ended = reveals_.end(key, "ana", said, kNow + after_ms * kMillisecond);
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->shown_ms, counts);
    EXPECT_FALSE(reveals_.end(key, "ana", said, kNow));
  }
}

TEST_F(RevealsTest, OneOfWhichNothingIsHeardCountsInFull) {
  const auto key = grant("ana");
  ASSERT_TRUE(reveals_.begin(key, "ana", kNow));
  EXPECT_TRUE(reveals_.expire(kNow + 24'999 * kMillisecond).empty());
  const auto ended = reveals_.expire(kNow + 25'001 * kMillisecond);
  ASSERT_EQ(ended.size(), 1);
  EXPECT_EQ(ended[0].shown_ms, kMaxMs);
  EXPECT_EQ(ended[0].reveal.person, "ana");
}

TEST_F(RevealsTest, AnotherRevealEndsThePersonsOneBefore) {
  const auto first = grant("ana");
  ASSERT_TRUE(reveals_.begin(first, "ana", kNow));
  const auto bens = grant("ben");
  EXPECT_FALSE(ended_);
  const auto second = grant("ana", kNow + 3'000 * kMillisecond);
  ASSERT_TRUE(ended_);
  EXPECT_EQ(ended_->shown_ms, 3'000);
  EXPECT_FALSE(reveals_.end(first, "ana", 10, kNow));
  EXPECT_TRUE(reveals_.begin(second, "ana", kNow + 3'001 * kMillisecond));
  EXPECT_TRUE(reveals_.begin(bens, "ben", kNow + 3'001 * kMillisecond));
}

TEST_F(RevealsTest, WhenTheServerStopsAllThatBeganAreOver) {
  ASSERT_TRUE(reveals_.begin(grant("ana"), "ana", kNow));
  grant("ben");
  const auto ended = reveals_.end_all(kNow + 2'000 * kMillisecond);
  ASSERT_EQ(ended.size(), 1);
  EXPECT_EQ(ended[0].shown_ms, 2'000);
  EXPECT_TRUE(reveals_.end_all(kNow).empty());
}

TEST_F(RevealsTest, OneThatIsForgottenNeverEnds) {
  const auto key = grant("ana");
  ASSERT_TRUE(reveals_.begin(key, "ana", kNow));
  reveals_.forget(key);
  reveals_.forget("another");
  EXPECT_FALSE(reveals_.end(key, "ana", 5, kNow + kMillisecond));
  EXPECT_TRUE(reveals_.end_all(kNow).empty());
}

TEST_F(RevealsTest, KeysAreNotAlike) { EXPECT_NE(grant("ana"), grant("ben")); }

}  // namespace
}  // namespace safelight::serve
