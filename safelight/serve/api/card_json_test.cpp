#include "safelight/serve/api/card_json.h"

#include <gtest/gtest.h>

namespace safelight::serve {
namespace {

CardFacts decided_by(const std::string& person, SecondLook second_look) {
  CardFacts out;
  out.decision.opinions = {{"1", person, 1, 10}};
  out.second_look = second_look;
  return out;
}

TEST(CardJson, ShowsNoDecisionToWhoeverIsToLookAsTheSecond) {
  const CardFacts card = decided_by("ada", SecondLook::wanted);
  EXPECT_FALSE(shows_decision(card, "bo"));
  EXPECT_TRUE(shows_decision(card, "ada")) << "one's own";
}

TEST(CardJson, ShowsAllDecisionsToWhoeverMadeTheirOwn) {
  CardFacts card = decided_by("ada", SecondLook::wanted);
  card.decision.opinions.push_back({"2", "bo", 2, 20});
  EXPECT_TRUE(shows_decision(card, "ada"));
  EXPECT_TRUE(shows_decision(card, "bo"));
}

TEST(CardJson, ShowsWhatNeedsNoSecondLookToAll) {
  EXPECT_TRUE(shows_decision(decided_by("ada", SecondLook::not_asked), "bo"));
  EXPECT_TRUE(shows_decision(decided_by("ada", SecondLook::done), "bo"));
}

TEST(CardJson, ReadsTheIdsOfItemsAlone) {
  const std::string text(64, 'a');
  ASSERT_TRUE(item_from_text(text));
  EXPECT_EQ(to_hex(item_from_text(text)->value), text);
  EXPECT_EQ(item_from_text("a").error(), (Error{ErrorCode::malformed, "item.id"}));
}

}  // namespace
}  // namespace safelight::serve
