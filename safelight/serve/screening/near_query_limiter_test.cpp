#include "safelight/serve/screening/near_query_limiter.h"

#include <gtest/gtest.h>
#include <random>

#include "safelight/serve/accounts/accounts_for_test.h"

namespace safelight::serve {
namespace {

using testing::kSecondNs;
using testing::SetClock;
using Near = NearQueryLimiter::Near;

Sha256 digest(uint8_t number) { return {{number}}; }

/// The chart's fingerprint with so many of its bits flipped.
Fingerprint flipped(uint32_t bits) {
  Fingerprint fingerprint;
  for (uint32_t i = 0; i < bits; ++i) fingerprint.words[i / 64] |= uint64_t{1} << (i % 64);
  return fingerprint;
}

class NearQueryLimiterTest : public ::testing::Test {
 protected:
  SetClock clock_;
  NearQueryPolicy policy_{.max_near = 3, .window_ns = 60 * kSecondNs};
};

TEST_F(NearQueryLimiterTest, TooManyDifferentNearUploadsAreOver) {
  NearQueryLimiter limiter(clock_, policy_);
  for (uint8_t i = 0; i < 3; ++i) EXPECT_EQ(limiter.note(7, digest(i), flipped(i)), Near::within);
  EXPECT_EQ(limiter.note(7, digest(3), flipped(3)), Near::over);
  EXPECT_EQ(limiter.note(7, digest(4), flipped(200)), Near::within);
}

TEST_F(NearQueryLimiterTest, TheRadiusIsInclusive) {
  NearQueryLimiter limiter(clock_, policy_);
  for (uint8_t i = 0; i < 3; ++i) EXPECT_EQ(limiter.note(7, digest(i), flipped(0)), Near::within);
  EXPECT_EQ(limiter.note(7, digest(9), flipped(kDefaultRadiusBits + 1)), Near::within);
  EXPECT_EQ(limiter.note(7, digest(10), flipped(kDefaultRadiusBits)), Near::over);
}

TEST_F(NearQueryLimiterTest, TheSameUploadAgainIsNotAnother) {
  NearQueryLimiter limiter(clock_, policy_);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(limiter.note(7, digest(1), flipped(0)), Near::within);
}

TEST_F(NearQueryLimiterTest, KeysAndOldUploadsDoNotCountTogether) {
  NearQueryLimiter limiter(clock_, policy_);
  for (uint8_t i = 0; i < 3; ++i) EXPECT_EQ(limiter.note(7, digest(i), flipped(i)), Near::within);
  EXPECT_EQ(limiter.note(8, digest(3), flipped(3)), Near::within);
  clock_.advance(policy_.window_ns);
  EXPECT_EQ(limiter.note(7, digest(3), flipped(3)), Near::within);
}

TEST_F(NearQueryLimiterTest, WhatItRemembersIsBounded) {
  policy_.remembered = 4;
  NearQueryLimiter limiter(clock_, policy_);
  for (uint8_t i = 0; i < 3; ++i) EXPECT_EQ(limiter.note(7, digest(i), flipped(i)), Near::within);
  std::mt19937_64 random(1);
  for (uint8_t i = 10; i < 14; ++i) {
    Fingerprint far;
    for (uint64_t& word : far.words) word = random();
    EXPECT_EQ(limiter.note(7, digest(i), far), Near::within);
  }
  EXPECT_EQ(limiter.note(7, digest(3), flipped(3)), Near::within);
}

TEST_F(NearQueryLimiterTest, OfTooManyKeysTheOneThatAskedLeastLatelyIsForgotten) {
  policy_.max_keys = 1;
  NearQueryLimiter limiter(clock_, policy_);
  for (uint8_t i = 0; i < 3; ++i) EXPECT_EQ(limiter.note(7, digest(i), flipped(i)), Near::within);
  EXPECT_EQ(limiter.note(8, digest(3), flipped(3)), Near::within);
  EXPECT_EQ(limiter.note(7, digest(3), flipped(3)), Near::within);
}

}  // namespace
}  // namespace safelight::serve
