#include "safelight/serve/accounts/session.h"

#include <gtest/gtest.h>
#include <set>

#include "safelight/serve/accounts/accounts_for_test.h"
#include "safelight/serve/accounts/internal/store_state.h"
#include "safelight/serve/accounts/people.h"
#include "safelight/serve/accounts/secrets/token.h"

namespace safelight::serve {
namespace {

using testing::kMinuteNs;
using testing::kSecondNs;

class SessionTest : public ::testing::Test {
 protected:
  NewSession open(SessionStage stage = SessionStage::open) { return *sessions_.open(ann_, stage); }

  AccountStore store_ = AccountStore::in_memory();
  testing::SetClock clock_;
  testing::SeededRandom random_;
  PasswordHasher hasher_{testing::kTestCost, 1};
  People people_{store_, clock_, random_, hasher_};
  Sessions sessions_{store_, clock_, random_};
  PersonId ann_ = people_.add_without_password({"ann", "Ann", Role::lead}).value();
};

TEST_F(SessionTest, IsFoundByItsToken) {
  const NewSession made = open();
  const Session session = sessions_.find(made.token.view()).value();
  EXPECT_EQ(session.id, made.session.id);
  EXPECT_EQ(session.person.login, "ann");
  EXPECT_EQ(session.stage, SessionStage::open);
  EXPECT_EQ(session.authenticated_ns, clock_.now_ns());
  EXPECT_FALSE(sessions_.find(""));
  EXPECT_FALSE(sessions_.find(std::string(made.token.view()) + "x"));
  EXPECT_FALSE(sessions_.find(std::string(100'000, 'x')));
}

TEST_F(SessionTest, IsStoredAsADigestAlone) {
  const NewSession made = open();
  database::Statement row(store_.state().connection(), "SELECT token_digest FROM sessions");
  ASSERT_TRUE(row.step());
  const Sha256 digest = token_digest(made.token.view());
  EXPECT_TRUE(std::equal(row.blob(0).begin(), row.blob(0).end(), bytes_of(digest).begin(),
                         bytes_of(digest).end()));
}

TEST_F(SessionTest, EndsWhenItIsIdle) {
  const NewSession made = open();
  for (int i = 0; i < 4; ++i) {
    clock_.advance(29 * kMinuteNs);
    EXPECT_TRUE(sessions_.find(made.token.view())) << i;
  }
  clock_.advance(31 * kMinuteNs);
  EXPECT_FALSE(sessions_.find(made.token.view()));
  clock_.advance(-30 * kMinuteNs);
  EXPECT_FALSE(sessions_.find(made.token.view())) << "it came back";
}

TEST_F(SessionTest, EndsHoweverMuchItIsUsed) {
  const NewSession made = open();
  for (int i = 0; i < 36; ++i) {
    clock_.advance(20 * kMinuteNs);
    EXPECT_TRUE(sessions_.find(made.token.view())) << i;
  }
  clock_.advance(20 * kMinuteNs);
  EXPECT_FALSE(sessions_.find(made.token.view()));
}

TEST_F(SessionTest, IsRefusedWhenTheClockWasSetBack) {
  const NewSession made = open();
  clock_.advance(-4 * kMinuteNs);
  EXPECT_TRUE(sessions_.find(made.token.view()));
  clock_.advance(-2 * kMinuteNs);
  EXPECT_FALSE(sessions_.find(made.token.view()));
}

TEST_F(SessionTest, WaitsForASecondFactorOnlyFiveMinutesAndFiveCodes) {
  const NewSession made = open(SessionStage::second_factor);
  EXPECT_EQ(sessions_.find(made.token.view())->stage, SessionStage::second_factor);
  EXPECT_FALSE(sessions_.is_recent(made.session));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(sessions_.count_code_attempt(made.session.id));
  EXPECT_FALSE(sessions_.count_code_attempt(made.session.id));
  EXPECT_FALSE(sessions_.find(made.token.view()));
  const NewSession other = open(SessionStage::second_factor);
  clock_.advance(6 * kMinuteNs);
  EXPECT_FALSE(sessions_.find(other.token.view()));
}

TEST_F(SessionTest, AnOpenOneWaitsForNoCode) {
  const NewSession made = open();
  EXPECT_FALSE(sessions_.count_code_attempt(made.session.id));
  EXPECT_TRUE(sessions_.find(made.token.view()));
}

TEST_F(SessionTest, GetsAnotherTokenWhenItIsRenewed) {
  const NewSession before = open(SessionStage::second_factor);
  clock_.advance(kMinuteNs);
  const NewSession after = sessions_.renew(before.session.id).value();
  EXPECT_EQ(after.session.id, before.session.id);
  EXPECT_EQ(after.session.stage, SessionStage::open);
  EXPECT_FALSE(sessions_.find(before.token.view()));
  EXPECT_EQ(sessions_.find(after.token.view())->authenticated_ns, clock_.now_ns());
}

TEST_F(SessionTest, IsRecentForTenMinutesAfterAProof) {
  const NewSession made = open();
  EXPECT_TRUE(sessions_.is_recent(made.session));
  clock_.advance(11 * kMinuteNs);
  EXPECT_FALSE(sessions_.is_recent(*sessions_.find(made.token.view())));
  const NewSession renewed = sessions_.renew(made.session.id).value();
  EXPECT_TRUE(sessions_.is_recent(renewed.session));
}

TEST_F(SessionTest, EndsAloneOrWithAllOfItsPerson) {
  const NewSession one = open();
  const NewSession two = open();
  const NewSession three = open();
  EXPECT_EQ(sessions_.of(ann_).size(), 3u);
  sessions_.end(two.session.id);
  EXPECT_TRUE(sessions_.find(one.token.view()));
  EXPECT_FALSE(sessions_.find(two.token.view()));
  sessions_.end_all(ann_);
  EXPECT_FALSE(sessions_.find(one.token.view()));
  EXPECT_FALSE(sessions_.find(three.token.view()));
}

TEST_F(SessionTest, IdsAreNeverGivenTwice) {
  const NewSession one = open();
  sessions_.end(one.session.id);
  EXPECT_NE(open().session.id, one.session.id);
}

TEST_F(SessionTest, EndsWithWhatItsPersonMay) {
  const auto ended = [&](auto&& change) {
    const NewSession made = open();
    EXPECT_TRUE(change());
    return !sessions_.find(made.token.view());
  };
  EXPECT_TRUE(ended([&] { return people_.set_role(ann_, Role::reviewer).has_value(); }));
  EXPECT_TRUE(ended([&] { return people_.set_password(ann_, "another password").has_value(); }));
  EXPECT_TRUE(ended([&] { return people_.remove_second_factor(ann_).has_value(); }));
  EXPECT_FALSE(ended([&] { return people_.set_display_name(ann_, "Kestrel").has_value(); }));
  EXPECT_TRUE(ended([&] { return people_.set_state(ann_, PersonState::disabled).has_value(); }));
  EXPECT_FALSE(sessions_.open(ann_, SessionStage::open));
  EXPECT_FALSE(sessions_.open(PersonId{99}, SessionStage::open));
}

TEST_F(SessionTest, EndsWhereThereAreTooMany) {
  std::vector<NewSession> all;
  for (int i = 0; i < 17; ++i) {
    all.push_back(open());
    clock_.advance(kSecondNs);
  }
  EXPECT_FALSE(sessions_.find(all.front().token.view()));
  EXPECT_TRUE(sessions_.find(all[1].token.view()));
  EXPECT_EQ(sessions_.of(ann_).size(), 16u);
}

TEST_F(SessionTest, IsPurgedOnceItExpired) {
  (void)open();
  (void)open(SessionStage::second_factor);
  EXPECT_EQ(sessions_.purge(), 0);
  clock_.advance(6 * kMinuteNs);
  EXPECT_EQ(sessions_.purge(), 1);
  clock_.advance(31 * kMinuteNs);
  EXPECT_EQ(sessions_.purge(), 1);
}

}  // namespace
}  // namespace safelight::serve
