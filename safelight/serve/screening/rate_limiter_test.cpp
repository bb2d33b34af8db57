#include "safelight/serve/screening/rate_limiter.h"

#include <gtest/gtest.h>

#include "safelight/serve/accounts/accounts_for_test.h"

namespace safelight::serve {
namespace {

using testing::kSecondNs;
using testing::SetClock;

class RateLimiterTest : public ::testing::Test {
 protected:
  SetClock clock_;
  RateLimiter limiter_{clock_, {.per_second = 10, .burst = 3, .max_keys = 2}};
};

TEST_F(RateLimiterTest, ABurstIsAdmittedAndThenTheRate) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter_.take(1), 0);
  EXPECT_EQ(limiter_.take(1), kSecondNs / 10);
  clock_.advance(kSecondNs / 10);
  EXPECT_EQ(limiter_.take(1), 0);
  EXPECT_GT(limiter_.take(1), 0);
}

TEST_F(RateLimiterTest, ARefusalCostsNothing) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter_.take(1), 0);
  for (int i = 0; i < 100; ++i) EXPECT_GT(limiter_.take(1), 0);
  clock_.advance(kSecondNs / 10);
  EXPECT_EQ(limiter_.take(1), 0);
}

TEST_F(RateLimiterTest, KeysDoNotShareARate) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter_.take(1), 0);
  EXPECT_EQ(limiter_.take(2), 0);
}

TEST_F(RateLimiterTest, ACostOverTheBurstIsTakenFromAFullBucketAndPaidInFull) {
  EXPECT_EQ(limiter_.take(1, 50), 0);
  EXPECT_EQ(limiter_.take(1, 50), 5 * kSecondNs);
  clock_.advance(5 * kSecondNs - 1);
  EXPECT_EQ(limiter_.take(1, 50), 1);
  EXPECT_EQ(limiter_.take(1, 3), 1);
  clock_.advance(1);
  EXPECT_EQ(limiter_.take(1, 50), 0);
}

TEST_F(RateLimiterTest, AClockThatIsSetBackKeepsNobodyOut) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter_.take(1), 0);
  clock_.advance(-3'600 * kSecondNs);
  EXPECT_EQ(limiter_.take(1), kSecondNs / 10);
  clock_.advance(kSecondNs / 10);
  EXPECT_EQ(limiter_.take(1), 0);
}

TEST_F(RateLimiterTest, OfTooManyKeysTheOneThatAskedLeastLatelyStartsAnew) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter_.take(1), 0);
  clock_.advance(1);
  EXPECT_EQ(limiter_.take(2), 0);
  clock_.advance(1);
  EXPECT_EQ(limiter_.take(3), 0);
  EXPECT_EQ(limiter_.take(1), 0);
}

}  // namespace
}  // namespace safelight::serve
