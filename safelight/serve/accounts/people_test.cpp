#include "safelight/serve/accounts/people.h"

#include <gtest/gtest.h>

#include "safelight/serve/accounts/accounts_for_test.h"

namespace safelight::serve {
namespace {

using testing::kSecondNs;

constexpr std::string_view kPassword = "correct horse battery";

class PeopleTest : public ::testing::Test {
 protected:
  PersonId add(std::string_view login, Role role = Role::reviewer) {
    return people_.add({login, login, role}, kPassword).value();
  }
  std::string code_of(const TotpSecret& secret) {
    return totp_code(secret, clock_.now_ns() / (kTotpStepSeconds * kSecondNs));
  }

  AccountStore store_ = AccountStore::in_memory();
  testing::SetClock clock_;
  testing::SeededRandom random_;
  PasswordHasher hasher_{testing::kTestCost, 1};
  People people_{store_, clock_, random_, hasher_};
};

TEST_F(PeopleTest, AreFoundByIdAndByLoginInAnyCase) {
  const PersonId id = people_.add({"Ann.B", "Kestrel", Role::lead}, kPassword).value();
  const Person person = people_.find("ANN.b").value();
  EXPECT_EQ(person.id, id);
  EXPECT_EQ(person.login, "ann.b");
  EXPECT_EQ(person.display_name, "Kestrel");
  EXPECT_EQ(person.role, Role::lead);
  EXPECT_EQ(person.state, PersonState::active);
  EXPECT_EQ(person.second_factor, SecondFactor::none);
  EXPECT_EQ(person.created_ns, clock_.now_ns());
  EXPECT_EQ(person.password_set_ns, clock_.now_ns());
  EXPECT_EQ(people_.find(id)->login, "ann.b");
  EXPECT_FALSE(people_.find(PersonId{99}));
  EXPECT_FALSE(people_.find("nobody"));
}

TEST_F(PeopleTest, HaveLoginsOfTheirOwn) {
  add("ann");
  EXPECT_EQ(people_.add({"ANN", "Ann", Role::lead}, kPassword).error().rule,
            "accounts.login-taken");
}

TEST_F(PeopleTest, AreShownByNamesOfTheirOwn) {
  const PersonId ann = people_.add({"ann", "Kestrel", Role::lead}, kPassword).value();
  EXPECT_EQ(people_.add({"bob", "Kestrel", Role::lead}, kPassword).error().rule,
            "accounts.name-taken");
  const PersonId bob = people_.add({"bob", "Wren", Role::lead}, kPassword).value();
  EXPECT_EQ(people_.set_display_name(bob, "Kestrel").error().rule, "accounts.name-taken");
  EXPECT_TRUE(people_.set_display_name(ann, "Kestrel")) << "one's own";
}

TEST_F(PeopleTest, AreAddedByTheRules) {
  for (const std::string_view login : {"", ".ann", "ann b", "ann/b", "änn"}) {
    EXPECT_EQ(people_.add({login, "Ann", Role::lead}, kPassword).error().rule, "accounts.login");
  }
  EXPECT_FALSE(people_.add({std::string(65, 'a'), "Ann", Role::lead}, kPassword));
  for (const std::string_view name : {"", "a\nb", "a\u202eb", "\xff"}) {
    EXPECT_EQ(people_.add({"ann", name, Role::lead}, kPassword).error().rule, "accounts.name");
  }
  EXPECT_FALSE(people_.add({"ann", std::string(129, 'a'), Role::lead}, kPassword));
  EXPECT_EQ(people_.add({"ann", "Ann", Role::lead}, "short").error().rule,
            "accounts.password-short");
  EXPECT_TRUE(people_.all().empty());
}

TEST_F(PeopleTest, LogInWithTheirPasswordAlone) {
  add("ann");
  EXPECT_EQ(people_.check_password("Ann", kPassword)->login, "ann");
  EXPECT_FALSE(people_.check_password("ann", "correct horse batterz"));
  EXPECT_FALSE(people_.check_password("bob", kPassword));
  EXPECT_FALSE(people_.check_password("not a login", kPassword));
}

TEST_F(PeopleTest, DoNotLogInWithoutAPassword) {
  ASSERT_TRUE(people_.add_without_password({"examiner", "Examiner", Role::lead}));
  EXPECT_FALSE(people_.check_password("examiner", ""));
  EXPECT_FALSE(people_.find("examiner")->password_set_ns);
}

TEST_F(PeopleTest, DoNotLogInWhileDisabled) {
  const PersonId id = add("ann");
  ASSERT_TRUE(people_.set_state(id, PersonState::disabled));
  EXPECT_FALSE(people_.check_password("ann", kPassword));
  ASSERT_TRUE(people_.set_state(id, PersonState::active));
  EXPECT_TRUE(people_.check_password("ann", kPassword));
}

TEST_F(PeopleTest, GetANewHashWhenTheCostRises) {
  add("ann");
  const PasswordHasher dearer({2, 16384}, 1);
  People later(store_, clock_, random_, dearer);
  EXPECT_TRUE(later.check_password("ann", kPassword));
  // A hasher of the old cost finds the hash to be of another cost, and renews it in turn.
  EXPECT_TRUE(people_.check_password("ann", kPassword));
  EXPECT_TRUE(later.check_password("ann", kPassword));
}

TEST_F(PeopleTest, ChangeTheirPassword) {
  const PersonId id = add("a-long-login-name");
  EXPECT_EQ(people_.set_password(id, "A-long-login-name").error().rule, "accounts.password-login");
  ASSERT_TRUE(people_.set_password(id, "another password"));
  EXPECT_FALSE(people_.check_password("a-long-login-name", kPassword));
  EXPECT_TRUE(people_.check_password("a-long-login-name", "another password"));
}

TEST_F(PeopleTest, AreNeverWithoutAnAdmin) {
  const PersonId first = add("ann", Role::admin);
  EXPECT_EQ(people_.set_role(first, Role::lead).error().rule, "accounts.last-admin");
  EXPECT_EQ(people_.set_state(first, PersonState::disabled).error().rule, "accounts.last-admin");
  const PersonId second = add("bob", Role::admin);
  EXPECT_TRUE(people_.set_role(first, Role::lead));
  EXPECT_EQ(people_.set_state(second, PersonState::disabled).error().rule, "accounts.last-admin");
}

TEST_F(PeopleTest, WhoAreNotThereAreNotFound) {
  const PersonId nobody{99};
  EXPECT_EQ(people_.set_role(nobody, Role::lead).error().code, ErrorCode::not_found);
  EXPECT_EQ(people_.set_display_name(nobody, "x").error().code, ErrorCode::not_found);
  EXPECT_EQ(people_.set_state(nobody, PersonState::active).error().code, ErrorCode::not_found);
  EXPECT_EQ(people_.set_password(nobody, kPassword).error().code, ErrorCode::not_found);
  EXPECT_EQ(people_.offer_second_factor(nobody).error().code, ErrorCode::not_found);
  EXPECT_EQ(people_.confirm_second_factor(nobody, "").error().code, ErrorCode::not_found);
  EXPECT_EQ(people_.remove_second_factor(nobody).error().code, ErrorCode::not_found);
  EXPECT_FALSE(people_.use_code(nobody, "000000"));
}

TEST_F(PeopleTest, TurnTheirSecondFactorOnWithItsFirstCode) {
  const PersonId id = add("ann");
  EXPECT_EQ(people_.confirm_second_factor(id, "000000").error().rule, "accounts.code");
  const TotpSecret secret = people_.offer_second_factor(id).value();
  EXPECT_EQ(people_.find(id)->second_factor, SecondFactor::offered);
  EXPECT_FALSE(people_.use_code(id, code_of(secret)));
  EXPECT_EQ(people_.confirm_second_factor(id, "12345").error().rule, "accounts.code");
  ASSERT_TRUE(people_.confirm_second_factor(id, code_of(secret)));
  EXPECT_EQ(people_.find(id)->second_factor, SecondFactor::on);
  EXPECT_EQ(people_.offer_second_factor(id).error().rule, "accounts.second-factor-on");
}

TEST_F(PeopleTest, UseEachCodeOnce) {
  const PersonId id = add("ann");
  const TotpSecret secret = people_.offer_second_factor(id).value();
  ASSERT_TRUE(people_.confirm_second_factor(id, code_of(secret)));
  EXPECT_FALSE(people_.use_code(id, code_of(secret)));
  clock_.advance(kTotpStepSeconds * kSecondNs);
  EXPECT_TRUE(people_.use_code(id, code_of(secret)));
  EXPECT_FALSE(people_.use_code(id, code_of(secret)));
  ASSERT_TRUE(people_.remove_second_factor(id));
  clock_.advance(kTotpStepSeconds * kSecondNs);
  EXPECT_FALSE(people_.use_code(id, code_of(secret)));
}

}  // namespace
}  // namespace safelight::serve
