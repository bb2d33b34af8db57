#include "safelight/decisions/policy.h"

#include <gtest/gtest.h>

#include "safelight/base/replaced_for_test.h"

namespace safelight {
namespace {

TEST(ReviewPolicy, IsReadAsItWasWritten) {
  ReviewPolicy policy;
  policy.second_look = true;
  policy.budget = {100, std::nullopt, 45, 15};
  policy.floor = Cover::drawing;
  for (const ReviewPolicy& one : {ReviewPolicy{}, policy}) {
    const auto read = policy_from_json(to_json(one));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, one);
  }
}

TEST(ReviewPolicy, EveryTruncationAndEveryBrokenMemberIsAnError) {
  const std::string whole = to_json(ReviewPolicy{});
  for (size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(policy_from_json(whole.substr(0, length))) << length;
  }
  const Error expected{ErrorCode::malformed, "policy.json"};
  for (const auto& [from, to] :
       {std::pair{"\"floor\":\"grey\"", "\"floor\":\"colour\""},
        std::pair{"\"reveal_max_seconds\":20", "\"reveal_max_seconds\":0"},
        std::pair{"\"cover_after_idle_seconds\":10", "\"cover_after_idle_seconds\":0"},
        std::pair{"\"reveals_a_day\":null", "\"reveals_a_day\":-1"},
        std::pair{"\"seconds_a_day\":null", "\"seconds_a_day\":86401"},
        std::pair{"\"break_minutes\":10", "\"break_minutes\":1.5"},
        std::pair{"\"second_look\":false", "\"second_look\":null"},
        std::pair{"\"second_look\":false", "\"second_look\":false,\"more\":1"}}) {
    const auto read = policy_from_json(replaced(whole, from, to));
    ASSERT_FALSE(read) << to;
    EXPECT_EQ(read.error(), expected);
  }
}

TEST(ReviewPolicy, APersonCanBeStricterAndNeverLessStrict) {
  const ExposureBudget floor = {100, std::nullopt, 50, 10};
  EXPECT_TRUE(is_as_tight(floor, floor));
  EXPECT_TRUE(is_as_tight({50, 600, 30, 20}, floor));
  EXPECT_FALSE(is_as_tight({101, 600, 30, 20}, floor));
  EXPECT_FALSE(is_as_tight({std::nullopt, 600, 30, 20}, floor));
  EXPECT_FALSE(is_as_tight({50, 600, 60, 20}, floor));
  EXPECT_FALSE(is_as_tight({50, 600, 0, 20}, floor)) << "no breaks at all";
  EXPECT_FALSE(is_as_tight({50, 600, 30, 5}, floor));
  EXPECT_TRUE(is_as_tight({}, {std::nullopt, std::nullopt, 0, 0}));
}

}  // namespace
}  // namespace safelight
