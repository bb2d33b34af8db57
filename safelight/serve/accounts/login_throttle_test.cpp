#include "safelight/serve/accounts/login_throttle.h"

#include <gtest/gtest.h>

#include "safelight/serve/accounts/accounts_for_test.h"

namespace safelight::serve {
namespace {

using testing::kMinuteNs;
using testing::kSecondNs;

class Throttle : public ::testing::Test {
 protected:
  ThrottleOptions options_ = [] {
    ThrottleOptions options;
    options.login = {3, kSecondNs, 60 * kSecondNs};
    options.address = {6, kSecondNs, 600 * kSecondNs};
    options.remembered = 16;
    return options;
  }();
  testing::SetClock clock_;
  testing::SeededRandom random_;
  LoginThrottle throttle_{clock_, random_, options_};
};

TEST_F(Throttle, LetsTheFirstOnesThroughThenDoublesTheWait) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(throttle_.begin("ann", "a" + std::to_string(i)), 0);
  for (const int64_t seconds : {1, 2, 4, 8, 16, 32, 60, 60}) {
    EXPECT_EQ(throttle_.begin("ann", "b" + std::to_string(seconds)), seconds * kSecondNs);
    clock_.advance(seconds * kSecondNs);
    EXPECT_EQ(throttle_.begin("ann", "c" + std::to_string(seconds)), 0);
  }
}

TEST_F(Throttle, SlowsAnAddressThatTriesManyLogins) {
  for (int i = 0; i < 6; ++i) EXPECT_EQ(throttle_.begin("l" + std::to_string(i), "10.0.0.1"), 0);
  EXPECT_EQ(throttle_.begin("another", "10.0.0.1"), kSecondNs);
  EXPECT_EQ(throttle_.begin("another", "::ffff:10.0.0.1"), kSecondNs);
  EXPECT_EQ(throttle_.begin("another", "10.0.0.2"), 0);
}

TEST_F(Throttle, TakesANetworkOfIpv6AsOneAddress) {
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(throttle_.begin("l" + std::to_string(i), "2001:db8::" + std::to_string(i)), 0);
  }
  EXPECT_GT(throttle_.begin("another", "2001:db8::ffff:1"), 0);
  EXPECT_EQ(throttle_.begin("another", "2001:db8:0:1::1"), 0);
}

TEST_F(Throttle, StartsALoginAnewAfterSuccessButNotItsAddress) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(throttle_.begin("ann", "10.0.0.1"), 0);
  throttle_.succeeded("ann", "10.0.0.1");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(throttle_.begin("ann", "x" + std::to_string(i)), 0);
  // Two failures are left, and four more make six.
  for (int i = 0; i < 4; ++i) EXPECT_EQ(throttle_.begin("l" + std::to_string(i), "10.0.0.1"), 0);
  EXPECT_GT(throttle_.begin("m", "10.0.0.1"), 0);
}

TEST_F(Throttle, DoesNotProlongTheWaitOfWhoAsksTooEarly) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(throttle_.begin("ann", "10.0.0.1"), 0);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(throttle_.begin("ann", "10.0.0.9"), kSecondNs);
}

TEST_F(Throttle, ForgetsAfterAnHour) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(throttle_.begin("ann", "10.0.0.1"), 0);
  clock_.advance(61 * kMinuteNs);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(throttle_.begin("ann", "10.0.0.1"), 0);
}

TEST_F(Throttle, LocksNobodyOutWhenTheClockIsSetBack) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(throttle_.begin("ann", "10.0.0.1"), 0);
  clock_.advance(-1'000'000 * kSecondNs);
  EXPECT_LE(throttle_.begin("ann", "10.0.0.1"), 60 * kSecondNs);
}

TEST_F(Throttle, KeepsWhoFailedMostWhenItIsFull) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(throttle_.begin("ann", "x" + std::to_string(i)), 0);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(throttle_.begin("l" + std::to_string(i), "y" + std::to_string(i)), 0);
  }
  EXPECT_GT(throttle_.begin("ann", "z"), 0);
}

}  // namespace
}  // namespace safelight::serve
