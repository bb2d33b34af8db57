#include "safelight/decisions/review_rules.h"

#include <gtest/gtest.h>

namespace safelight {
namespace {

ItemDecision decided(std::vector<Opinion> opinions) {
  ItemDecision out;
  out.opinions = std::move(opinions);
  out.is_conflict = out.agreeing() != out.opinions.size();
  return out;
}

ReviewRules rules() {
  return {{"", {{"1", "", "", "", "red", true, true}, {"2", "", "", "", "grey", false, false}}},
          {}};
}

TEST(SecondLooks, AreWantedUntilTwoSayTheSame) {
  EXPECT_EQ(second_look_of({}, rules()), SecondLook::not_asked);
  EXPECT_EQ(second_look_of(decided({{"1", "ada", 1, 1}}), rules()), SecondLook::wanted);
  EXPECT_EQ(second_look_of(decided({{"1", "ada", 1, 1}, {"1", "bo", 2, 1}}), rules()),
            SecondLook::done);
  EXPECT_EQ(second_look_of(decided({{"2", "ada", 1, 1}, {"1", "bo", 2, 1}}), rules()),
            SecondLook::wanted);
}

TEST(SecondLooks, AreAskedOfEveryCategoryWhereThePolicySaysSo) {
  ReviewRules strict = rules();
  for (const char* category : {"2", "of an older scheme"}) {
    const ItemDecision decision = decided({{category, "ada", 1, 1}});
    strict.policy.second_look = false;
    EXPECT_EQ(second_look_of(decision, strict), SecondLook::not_asked);
    strict.policy.second_look = true;
    EXPECT_EQ(second_look_of(decision, strict), SecondLook::wanted);
  }
}

}  // namespace
}  // namespace safelight
