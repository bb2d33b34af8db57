#include "safelight/base/result.h"

#include <gtest/gtest.h>
#include <memory>
#include <string>

namespace safelight {
namespace {

constexpr Error kFailure = Error::at(ErrorCode::truncated, "test.rule", 7);

Result<int> half(int value) {
  if (value % 2 != 0) return kFailure;
  return value / 2;
}

Result<std::string> quarter_text(int value) {
  SAFELIGHT_TRY(const int once, half(value));
  SAFELIGHT_TRY(const int twice, half(once));
  return std::to_string(twice);
}

Result<void> must_be_even(int value) {
  SAFELIGHT_CHECK(half(value));
  return {};
}

TEST(Result, HoldsAValue) {
  const Result<int> result = half(8);
  ASSERT_TRUE(result);
  EXPECT_EQ(*result, 4);
}

TEST(Result, HoldsAnError) {
  const Result<int> result = half(3);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error(), kFailure);
}

TEST(Result, TryPassesTheFirstErrorOn) {
  EXPECT_EQ(*quarter_text(12), "3");
  EXPECT_EQ(quarter_text(6).error(), kFailure);
  EXPECT_TRUE(must_be_even(2));
  EXPECT_EQ(must_be_even(1).error(), kFailure);
}

TEST(Result, CarriesMoveOnlyValues) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
  const std::unique_ptr<int> taken = std::move(*result);
  EXPECT_EQ(*taken, 5);
}

TEST(ErrorCode, EveryNameReadsBack) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::not_found); ++code) {
    EXPECT_EQ(error_code_from_text(to_text(static_cast<ErrorCode>(code))),
              static_cast<ErrorCode>(code));
  }
}

}  // namespace
}  // namespace safelight
