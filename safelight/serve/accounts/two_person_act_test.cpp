#include "safelight/serve/accounts/two_person_act.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "safelight/base/fault.h"
#include "safelight/serve/accounts/accounts_for_test.h"
#include "safelight/serve/accounts/internal/store_state.h"
#include "safelight/serve/accounts/people.h"

namespace safelight::serve {
namespace {

using testing::kMinuteNs;

class TwoPersonActTest : public ::testing::Test {
 protected:
  PersonId add(std::string_view login, Role role) {
    return people_.add_without_password({login, login, role}).value();
  }
  ActId request() {
    const ActAnswer answer = acts_.request(ann_, ActKind::purge, "item 7", 60 * kMinuteNs);
    EXPECT_EQ(answer.outcome, ActOutcome::done);
    return answer.act->id;
  }
  ActOutcome approve(ActId id, PersonId by) { return acts_.approve(id, by).outcome; }
  ActOutcome take(ActId id) { return acts_.take(id).outcome; }

  AccountStore store_ = AccountStore::in_memory();
  testing::SetClock clock_;
  testing::SeededRandom random_;
  PasswordHasher hasher_{testing::kTestCost, 1};
  People people_{store_, clock_, random_, hasher_};
  TwoPersonActs acts_{store_, clock_};
  PersonId ann_ = add("ann", Role::lead);
  PersonId bob_ = add("bob", Role::lead);
  PersonId cat_ = add("cat", Role::reviewer);
};

TEST_F(TwoPersonActTest, IsBegunOnceAfterAnotherApproved) {
  const ActId id = request();
  EXPECT_EQ(take(id), ActOutcome::wrong_state);
  ASSERT_EQ(approve(id, bob_), ActOutcome::done);
  const ActAnswer taken = acts_.take(id);
  ASSERT_EQ(taken.outcome, ActOutcome::done);
  EXPECT_EQ(taken.act->kind, ActKind::purge);
  EXPECT_EQ(taken.act->parameters, "item 7");
  EXPECT_EQ(taken.act->requested_by, ann_);
  EXPECT_EQ(taken.act->settled_by, bob_);
  EXPECT_EQ(taken.act->begun_ns, clock_.now_ns());
  EXPECT_EQ(take(id), ActOutcome::wrong_state);
  EXPECT_EQ(approve(id, bob_), ActOutcome::wrong_state);
  EXPECT_EQ(acts_.find(id)->state, ActState::doing);
}

TEST_F(TwoPersonActTest, IsUnderWayUntilItEnds) {
  const ActId id = request();
  EXPECT_TRUE(acts_.under_way().empty());
  ASSERT_EQ(approve(id, bob_), ActOutcome::done);
  EXPECT_EQ(acts_.under_way().size(), 1u);
  ASSERT_EQ(take(id), ActOutcome::done);
  EXPECT_EQ(acts_.under_way()[0].state, ActState::doing);
  EXPECT_TRUE(acts_.open().empty());
  clock_.advance(kMinuteNs);
  acts_.end(id, ActState::executed, "two files");
  EXPECT_TRUE(acts_.under_way().empty());
  const Act ended = acts_.find(id).value();
  EXPECT_EQ(ended.state, ActState::executed);
  EXPECT_EQ(ended.ended_ns, clock_.now_ns());
  EXPECT_EQ(ended.outcome, "two files");
  EXPECT_THROW(acts_.end(id, ActState::failed, ""), Fault) << "once";
}

TEST_F(TwoPersonActTest, EndsOnlyAfterAnotherApproved) {
  const ActId id = request();
  EXPECT_THROW(acts_.end(id, ActState::failed, ""), Fault);
  ASSERT_EQ(approve(id, bob_), ActOutcome::done);
  acts_.end(id, ActState::interrupted, "");
  EXPECT_EQ(acts_.find(id)->state, ActState::interrupted);
  EXPECT_FALSE(acts_.find(id)->begun_ns);
  EXPECT_EQ(take(id), ActOutcome::wrong_state);
}

TEST_F(TwoPersonActTest, IsListedByWhenItEndedAmongItsKind) {
  for (int i = 0; i < 3; ++i) {
    const ActId id = request();
    ASSERT_EQ(approve(id, bob_), ActOutcome::done);
    clock_.advance(1);
    acts_.end(id, ActState::failed, std::to_string(i));
  }
  const auto two = acts_.ended(ActKind::purge, 0, 2);
  ASSERT_EQ(two.size(), 2u);
  EXPECT_EQ(two[0].outcome, "2");
  EXPECT_EQ(two[1].outcome, "1");
  EXPECT_EQ(acts_.ended(ActKind::purge, clock_.now_ns(), 9).size(), 1u);
  EXPECT_TRUE(acts_.ended(ActKind::list_change, 0, 9).empty());
}

TEST_F(TwoPersonActTest, IsNotApprovedByWhoAsked) {
  EXPECT_EQ(approve(request(), ann_), ActOutcome::same_person);
}

TEST_F(TwoPersonActTest, IsAskedForAndApprovedOnlyByWhoMayDoIt) {
  EXPECT_EQ(acts_.request(cat_, ActKind::purge, "", kMinuteNs).outcome, ActOutcome::not_permitted);
  EXPECT_EQ(acts_.request(PersonId{99}, ActKind::purge, "", kMinuteNs).outcome,
            ActOutcome::not_permitted);
  EXPECT_EQ(acts_.request(ann_, ActKind::list_change, "", kMinuteNs).outcome,
            ActOutcome::not_permitted);
  EXPECT_EQ(approve(request(), cat_), ActOutcome::not_permitted);
  ASSERT_TRUE(people_.set_state(bob_, PersonState::disabled));
  EXPECT_EQ(approve(request(), bob_), ActOutcome::not_permitted);
}

TEST_F(TwoPersonActTest, IsNotExecutedOnceEitherMayNotDoItAnyMore) {
  const ActId one = request();
  ASSERT_EQ(approve(one, bob_), ActOutcome::done);
  ASSERT_TRUE(people_.set_role(bob_, Role::reviewer));
  EXPECT_EQ(take(one), ActOutcome::not_permitted);
  ASSERT_TRUE(people_.set_role(bob_, Role::lead));
  ASSERT_TRUE(people_.set_state(ann_, PersonState::disabled));
  EXPECT_EQ(take(one), ActOutcome::not_permitted);
}

TEST_F(TwoPersonActTest, Expires) {
  const ActId pending = request();
  const ActId approved = request();
  ASSERT_EQ(approve(approved, bob_), ActOutcome::done);
  EXPECT_EQ(acts_.open().size(), 2u);
  clock_.advance(60 * kMinuteNs);
  EXPECT_EQ(approve(pending, bob_), ActOutcome::expired);
  EXPECT_EQ(take(approved), ActOutcome::expired);
  EXPECT_TRUE(acts_.open().empty());
}

TEST_F(TwoPersonActTest, IsExpiredWhereTheClockWasSetBack) {
  const ActId id = request();
  clock_.advance(-1);
  EXPECT_EQ(approve(id, bob_), ActOutcome::expired);
}

TEST_F(TwoPersonActTest, IsWithdrawnByWhoAskedOrRefusedByAnother) {
  const ActId one = request();
  EXPECT_EQ(acts_.withdraw(one, cat_).outcome, ActOutcome::not_permitted);
  EXPECT_EQ(acts_.withdraw(one, ann_).outcome, ActOutcome::done);
  EXPECT_EQ(approve(one, bob_), ActOutcome::wrong_state);
  const ActId two = request();
  EXPECT_EQ(acts_.withdraw(two, bob_).outcome, ActOutcome::done);
  EXPECT_EQ(approve(two, bob_), ActOutcome::wrong_state);
  EXPECT_EQ(acts_.withdraw(two, ann_).outcome, ActOutcome::wrong_state);
}

TEST_F(TwoPersonActTest, IsNotWithdrawnOnceAnotherApproved) {
  const ActId id = request();
  ASSERT_EQ(approve(id, bob_), ActOutcome::done);
  EXPECT_EQ(acts_.withdraw(id, ann_).outcome, ActOutcome::wrong_state);
  EXPECT_EQ(take(id), ActOutcome::done);
}

TEST_F(TwoPersonActTest, IsNotAskedForWhereThatCannotBePutOnRecord) {
  const auto fail = [](ActId) { throw Fault("the log cannot be written to"); };
  EXPECT_THROW(static_cast<void>(acts_.request(ann_, ActKind::purge, "item 7", kMinuteNs, fail)),
               Fault);
  EXPECT_TRUE(acts_.open().empty());
  ActId told;
  const auto asked =
      acts_.request(ann_, ActKind::purge, "item 7", kMinuteNs, [&](ActId id) { told = id; });
  EXPECT_EQ(asked.act->id, told);
}

TEST_F(TwoPersonActTest, IsBounded) {
  const std::string too_long(kMaxActParametersBytes + 1, 'x');
  EXPECT_EQ(acts_.request(ann_, ActKind::purge, too_long, kMinuteNs).outcome, ActOutcome::too_long);
  EXPECT_EQ(acts_.request(ann_, ActKind::purge, "\xff", kMinuteNs).outcome, ActOutcome::too_long);
  for (int i = 0; i < kMaxOpenActs; ++i) request();
  EXPECT_EQ(acts_.request(ann_, ActKind::purge, "", kMinuteNs).outcome, ActOutcome::too_many);
  EXPECT_EQ(acts_.request(ann_, ActKind::purge, "", INT64_MAX).outcome, ActOutcome::too_many);
  clock_.advance(60 * kMinuteNs);
  EXPECT_EQ(acts_.request(ann_, ActKind::purge, "", INT64_MAX).outcome, ActOutcome::done);
}

TEST_F(TwoPersonActTest, ThoseOfAKindTogetherSayNoMoreThanCanBeListed) {
  const std::string longest(kMaxActParametersBytes, 'x');
  const auto ask = [&](ActKind kind) {
    return acts_.request(ann_, kind, longest, 60 * kMinuteNs).outcome;
  };
  constexpr int64_t kMost = kMaxOpenActBytes / kMaxActParametersBytes;
  for (int64_t i = 0; i < kMost; ++i) {
    ASSERT_EQ(ask(ActKind::export_originals), ActOutcome::done);
  }
  EXPECT_EQ(ask(ActKind::export_originals), ActOutcome::too_many);
  EXPECT_EQ(ask(ActKind::purge), ActOutcome::done) << "no kind keeps another from being asked for";
  ASSERT_EQ(approve(ActId{1}, bob_), ActOutcome::done);
  EXPECT_EQ(ask(ActKind::export_originals), ActOutcome::too_many) << "it is still listed";
  acts_.end(ActId{1}, ActState::failed, "{}");
  EXPECT_EQ(ask(ActKind::export_originals), ActOutcome::done);
}

TEST_F(TwoPersonActTest, IsNotFoundWhereThereIsNone) {
  EXPECT_EQ(approve(ActId{9}, bob_), ActOutcome::not_found);
  EXPECT_EQ(take(ActId{9}), ActOutcome::not_found);
  EXPECT_EQ(acts_.withdraw(ActId{9}, bob_).outcome, ActOutcome::not_found);
  EXPECT_FALSE(acts_.find(ActId{9}));
}

TEST_F(TwoPersonActTest, IsRefusedWhereTheStoreSaysThatOnePersonDidBoth) {
  const ActId id = request();
  store_.state().connection().execute(
      "UPDATE acts SET state = 'approved', settled_by = requested_by, settled_ns = 1");
  EXPECT_THROW(take(id), Fault);
  store_.state().connection().execute("UPDATE acts SET settled_by = NULL");
  EXPECT_THROW(take(id), Fault);
}

TEST_F(TwoPersonActTest, IsRefusedWhereTheStoreSaysThatItEndedAndDidNot) {
  const ActId id = request();
  for (const char* said : {"state = 'failed', settled_by = 2", "ended_ns = 1, outcome = ''",
                           "state = 'doing', settled_by = 2",
                           "state = 'executed', settled_by = 2, executed_ns = 1, "
                           "ended_ns = 1"}) {
    store_.state().connection().execute(
        "UPDATE acts SET state = 'pending', settled_by = NULL, executed_ns = NULL, ended_ns = "
        "NULL, "
        "outcome = NULL");
    ASSERT_TRUE(acts_.find(id));
    store_.state().connection().execute(std::string("UPDATE acts SET ") + said);
    EXPECT_THROW(static_cast<void>(acts_.find(id)), Fault) << said;
  }
}

TEST_F(TwoPersonActTest, NeedsOfBothWhatItsKindSays) {
  EXPECT_EQ(permission_of(ActKind::list_change), Permission::manage_lists);
  EXPECT_EQ(permission_of(ActKind::threshold_change), Permission::set_policy);
  EXPECT_EQ(permission_of(ActKind::export_originals), Permission::export_originals);
  EXPECT_EQ(permission_of(ActKind::purge), Permission::purge);
  for (size_t i = 0; i < kActKinds; ++i) {
    const auto kind = static_cast<ActKind>(i);
    EXPECT_EQ(act_kind_from_text(to_text(kind)).value(), kind);
  }
  EXPECT_FALSE(act_kind_from_text("anything"));
}

}  // namespace
}  // namespace safelight::serve
