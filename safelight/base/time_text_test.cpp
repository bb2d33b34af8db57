#include "safelight/base/time_text.h"

#include <gtest/gtest.h>
#include <limits>

namespace safelight {
namespace {

TEST(UtcText, GivesTheTimeToTheSecond) {
  EXPECT_EQ(utc_text(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(utc_text(784'111'777'999'999'999), "1994-11-06T08:49:37Z");
}

TEST(UtcText, RoundsToThePastBefore1970) {
  EXPECT_EQ(utc_text(-1), "1969-12-31T23:59:59Z");
  EXPECT_EQ(utc_text(-1'000'000'000), "1969-12-31T23:59:59Z");
}

TEST(UtcText, OfATimeThatIsNotKnownIsNothing) {
  EXPECT_EQ(utc_text(std::optional<int64_t>(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(utc_text(std::optional<int64_t>()), std::nullopt);
}

TEST(UtcText, HoldsEveryTime) {
  EXPECT_EQ(utc_text(std::numeric_limits<int64_t>::max()), "2262-04-11T23:47:16Z");
  EXPECT_EQ(utc_text(std::numeric_limits<int64_t>::min()), "1677-09-21T00:12:43Z");
}

}  // namespace
}  // namespace safelight
