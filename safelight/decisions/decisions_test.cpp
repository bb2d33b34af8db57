#include "safelight/decisions/decisions.h"

#include <gmock/gmock.h>

namespace safelight {
namespace {

using casefile::Act;
using casefile::ActKind;
using testing::ElementsAre;
using testing::IsEmpty;

ItemId item(uint8_t number) {
  ItemId out;
  out.value.bytes[0] = number;
  return out;
}

/// Acts one after another, and what comes of them.
class Room {
 public:
  uint64_t act(const Act& act, std::vector<ItemId> items = {}) {
    const uint64_t number = decisions_.last_act() + 1;
    decisions_.add({number, static_cast<int64_t>(number) * 10, act, std::move(items)});
    return number;
  }
  uint64_t category(const std::string& person, const std::string& code, std::vector<ItemId> items) {
    return act({ActKind::category, person, code, "", {}}, std::move(items));
  }
  uint64_t undo(const std::string& person) {
    return act({ActKind::undo, person, "", "", decisions_.undoable(person)});
  }
  uint64_t redo(const std::string& person) {
    return act({ActKind::redo, person, "", "", decisions_.redoable(person)});
  }
  [[nodiscard]] std::string decided(uint8_t number) const {
    const ItemDecision decision = decisions_.of(item(number));
    return decision.decided() == nullptr ? "" : decision.decided()->category;
  }
  [[nodiscard]] const Decisions& decisions() const { return decisions_; }

 private:
  Decisions decisions_;
};

TEST(Decisions, TheLatestOfAPersonHolds) {
  Room room;
  room.category("ada", "1", {item(1), item(2)});
  room.category("ada", "2", {item(2)});
  EXPECT_EQ(room.decided(1), "1");
  const ItemDecision second = room.decisions().of(item(2));
  EXPECT_EQ(second.opinions, (std::vector<Opinion>{{"2", "ada", 2, 20}}));
  EXPECT_FALSE(second.is_conflict);
  EXPECT_EQ(second.last_act, 2u);
  EXPECT_TRUE(room.decisions().of(item(3)).is_empty());
  room.category("ada", "", {item(1)});
  EXPECT_EQ(room.decided(1), "");
  EXPECT_TRUE(room.decisions().of(item(1)).is_empty());
}

TEST(Decisions, TwoWhoDifferAreAConflictUntilTheyAgreeOrItIsSettled) {
  Room room;
  room.category("ada", "1", {item(1), item(2)});
  room.category("bo", "2", {item(1), item(2)});
  EXPECT_TRUE(room.decisions().of(item(1)).is_conflict);
  EXPECT_EQ(room.decided(1), "2") << "the latest is shown";
  room.category("ada", "2", {item(1)});
  EXPECT_FALSE(room.decisions().of(item(1)).is_conflict);
  EXPECT_EQ(room.decisions().of(item(1)).agreeing(), 2u);
  room.act({ActKind::settle, "lead", "1", "", {}}, {item(2)});
  EXPECT_FALSE(room.decisions().of(item(2)).is_conflict);
  EXPECT_EQ(room.decided(2), "1");
  EXPECT_TRUE(room.decisions().of(item(2)).is_settled);
  EXPECT_FALSE(room.decisions().of(item(1)).is_settled);
  room.category("bo", "1", {item(2)});
  EXPECT_TRUE(room.decisions().of(item(2)).is_settled) << "said the same after it was settled";
  room.category("bo", "2", {item(2)});
  EXPECT_TRUE(room.decisions().of(item(2)).is_conflict) << "said after it was settled";
  EXPECT_FALSE(room.decisions().of(item(2)).is_settled);
}

TEST(Decisions, UndoingHasNoEndAndGoesBackInOrder) {
  Room room;
  room.category("ada", "1", {item(1)});
  room.category("bo", "3", {item(2)});
  room.category("ada", "2", {item(1)});
  room.act({ActKind::flag, "ada", "urgent", "", {}}, {item(1)});
  room.undo("ada");
  EXPECT_THAT(room.decisions().of(item(1)).flags, IsEmpty());
  room.undo("ada");
  EXPECT_EQ(room.decided(1), "1");
  room.undo("ada");
  EXPECT_EQ(room.decided(1), "");
  EXPECT_FALSE(room.decisions().undoable("ada"));
  EXPECT_EQ(room.decided(2), "3") << "what another did stays";
  room.redo("ada");
  room.redo("ada");
  EXPECT_EQ(room.decided(1), "2");
  room.undo("ada");
  EXPECT_EQ(room.decided(1), "1");
  room.category("ada", "4", {item(1)});
  EXPECT_FALSE(room.decisions().redoable("ada")) << "what was undone is left behind";
}

TEST(Decisions, NobodyUndoesWhatAnotherDid) {
  Room room;
  const uint64_t first = room.category("ada", "1", {item(1)});
  room.act({ActKind::undo, "bo", "", "", first});
  EXPECT_EQ(room.decided(1), "1");
  room.act({ActKind::undo, "ada", "", "", 77});
  room.act({ActKind::undo, "ada", "", "", {}});
  room.act({ActKind::redo, "ada", "", "", first});
  EXPECT_EQ(room.decided(1), "1");
}

TEST(Decisions, NotesThatStandAreNamedByTheirActs) {
  Room room;
  room.category("ada", "1", {item(1)});
  const uint64_t first = room.act({ActKind::note, "bo", "", "one", {}}, {item(1), item(2)});
  const uint64_t second = room.act({ActKind::note, "ada", "", "two", {}}, {item(1)});
  EXPECT_THAT(room.decisions().notes_of(item(1)), ElementsAre(first, second));
  EXPECT_THAT(room.decisions().notes_of(item(2)), ElementsAre(first));
  EXPECT_THAT(room.decisions().notes_of(item(3)), IsEmpty());
  room.undo("bo");
  EXPECT_THAT(room.decisions().notes_of(item(1)), ElementsAre(second));
  EXPECT_THAT(room.decisions().notes_of(item(2)), IsEmpty());
}

TEST(Decisions, FlagsNotesAndWhatIsPassedOn) {
  Room room;
  room.act({ActKind::flag, "ada", "urgent", "", {}}, {item(1)});
  room.act({ActKind::flag, "bo", "ask", "", {}}, {item(1)});
  room.act({ActKind::note, "bo", "", "see the wall", {}}, {item(1)});
  room.act({ActKind::pass_on, "bo", "", "", {}}, {item(1)});
  ItemDecision decision = room.decisions().of(item(1));
  EXPECT_THAT(decision.flags, ElementsAre("ask", "urgent"));
  EXPECT_EQ(decision.notes, 1u);
  EXPECT_TRUE(decision.is_passed_on);
  room.act({ActKind::unflag, "ada", "ask", "", {}}, {item(1)});
  room.act({ActKind::take_back, "ada", "", "", {}}, {item(1)});
  decision = room.decisions().of(item(1));
  EXPECT_THAT(decision.flags, ElementsAre("urgent"));
  EXPECT_FALSE(decision.is_passed_on);
}

TEST(Decisions, TheItemsOfAnActAreThoseOfWhatItTurns) {
  Room room;
  room.category("ada", "1", {item(1), item(2)});
  const uint64_t undone = room.undo("ada");
  EXPECT_THAT(room.decisions().items_of(1), ElementsAre(item(1), item(2)));
  EXPECT_THAT(room.decisions().items_of(undone), ElementsAre(item(1), item(2)));
  EXPECT_THAT(room.decisions().items_of(9), IsEmpty());
}

}  // namespace
}  // namespace safelight
