#include "safelight/serve/queue/review_state.h"

#include <gtest/gtest.h>

namespace safelight::serve {
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

TEST(ReviewStates, AreOpenOrDecidedAndOthersBeside) {
  ItemDecision decision;
  EXPECT_EQ(states_of(decision, rules()), bit_of(ReviewState::open));
  decision.flags = {"urgent"};
  decision.is_passed_on = true;
  EXPECT_EQ(states_of(decision, rules()),
            bit_of(ReviewState::open) | bit_of(ReviewState::flagged) | bit_of(ReviewState::passed));
  EXPECT_EQ(states_of(decided({{"2", "ada", 1, 1}}), rules()), bit_of(ReviewState::decided));
  EXPECT_EQ(states_of(decided({{"1", "bo", 1, 1}, {"2", "ada", 2, 1}}), rules()),
            bit_of(ReviewState::decided) | bit_of(ReviewState::conflict));
}

TEST(ReviewStates, ASecondLookIsWantedUntilTwoSayTheSame) {
  const ItemDecision one = decided({{"1", "ada", 1, 1}});
  EXPECT_NE(states_of(one, rules()) & bit_of(ReviewState::second_look), 0);
  const ItemDecision both = decided({{"1", "ada", 1, 1}, {"1", "bo", 2, 1}});
  EXPECT_EQ(states_of(both, rules()), bit_of(ReviewState::decided));
}

TEST(ReviewStates, AreReadAsTheyAreWritten) {
  for (size_t i = 0; i < kReviewStates; ++i) {
    const auto state = static_cast<ReviewState>(i);
    EXPECT_EQ(review_state_from_text(to_text(state)), state);
  }
  EXPECT_FALSE(review_state_from_text("closed"));
}

}  // namespace
}  // namespace safelight::serve
