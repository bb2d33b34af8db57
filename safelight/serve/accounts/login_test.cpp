#include "safelight/serve/accounts/login.h"

#include <gtest/gtest.h>

#include "safelight/serve/accounts/accounts_for_test.h"

namespace safelight::serve {
namespace {

using testing::kMinuteNs;
using testing::kSecondNs;

constexpr std::string_view kPassword = "correct horse battery";
constexpr std::string_view kAddress = "10.0.0.1";

class LoginTest : public ::testing::Test {
 protected:
  void SetUp() override { ann_ = *people_.add({"ann", "Ann", Role::lead}, kPassword); }
  TotpSecret turn_second_factor_on() {
    TotpSecret secret = people_.offer_second_factor(ann_).value();
    EXPECT_TRUE(people_.confirm_second_factor(ann_, code_of(secret)));
    clock_.advance(kTotpStepSeconds * kSecondNs);
    return secret;
  }
  std::string code_of(const TotpSecret& secret) {
    return totp_code(secret, clock_.now_ns() / (kTotpStepSeconds * kSecondNs));
  }
  /// A code that is none of those accepted now.
  std::string wrong_code(const TotpSecret& secret) {
    for (int i = 0;; ++i) {
      const std::string code = std::to_string(100'000 + i);
      if (!accept_totp(secret, code, clock_.now_ns(), kNoTotpStep)) return code;
    }
  }

  AccountStore store_ = AccountStore::in_memory();
  testing::SetClock clock_;
  testing::SeededRandom random_;
  PasswordHasher hasher_{testing::kTestCost, 1};
  People people_{store_, clock_, random_, hasher_};
  Sessions sessions_{store_, clock_, random_};
  ThrottleOptions options_ = [] {
    ThrottleOptions options;
    options.remembered = 64;
    return options;
  }();
  LoginThrottle throttle_{clock_, random_, options_};
  Login login_{people_, sessions_, throttle_};
  PersonId ann_;
};

TEST_F(LoginTest, OpensASessionForThePassword) {
  const LoginAnswer answer = login_.with_password("Ann", kPassword, kAddress);
  ASSERT_EQ(answer.outcome, LoginOutcome::open);
  EXPECT_EQ(sessions_.find(answer.session->token.view())->person.id, ann_);
}

TEST_F(LoginTest, SaysTheSameOfAWrongPasswordAnUnknownLoginAndADisabledPerson) {
  EXPECT_EQ(login_.with_password("ann", "wrong", kAddress).outcome, LoginOutcome::refused);
  EXPECT_EQ(login_.with_password("bob", kPassword, kAddress).outcome, LoginOutcome::refused);
  EXPECT_EQ(login_.with_password("", kPassword, kAddress).outcome, LoginOutcome::refused);
  ASSERT_TRUE(people_.set_state(ann_, PersonState::disabled));
  EXPECT_EQ(login_.with_password("ann", kPassword, kAddress).outcome, LoginOutcome::refused);
}

TEST_F(LoginTest, SlowsKnownAndUnknownLoginsAlike) {
  for (const std::string_view name : {"ann", "bob"}) {
    for (int i = 0; i < 5; ++i) {
      EXPECT_EQ(login_.with_password(name, "wrong", "a" + std::to_string(i)).outcome,
                LoginOutcome::refused);
    }
    const LoginAnswer answer = login_.with_password(name, kPassword, "b");
    EXPECT_EQ(answer.outcome, LoginOutcome::wait);
    EXPECT_EQ(answer.wait_ns, kSecondNs);
  }
  EXPECT_EQ(login_.with_password("ANN", kPassword, "c").outcome, LoginOutcome::wait);
  clock_.advance(kSecondNs);
  EXPECT_EQ(login_.with_password("ann", kPassword, "b").outcome, LoginOutcome::open);
}

TEST_F(LoginTest, AsksForACodeWhereThereIsASecondFactor) {
  const TotpSecret secret = turn_second_factor_on();
  const LoginAnswer first = login_.with_password("ann", kPassword, kAddress);
  ASSERT_EQ(first.outcome, LoginOutcome::second_factor);
  const auto token = first.session->token.view();
  EXPECT_EQ(login_.with_code(token, wrong_code(secret), kAddress).outcome, LoginOutcome::refused);
  const LoginAnswer second = login_.with_code(token, code_of(secret), kAddress);
  ASSERT_EQ(second.outcome, LoginOutcome::open);
  EXPECT_FALSE(sessions_.find(token));
  EXPECT_EQ(sessions_.find(second.session->token.view())->stage, SessionStage::open);
}

TEST_F(LoginTest, TakesNoCodeTwice) {
  const TotpSecret secret = turn_second_factor_on();
  const std::string code = code_of(secret);
  const LoginAnswer one = login_.with_password("ann", kPassword, kAddress);
  const LoginAnswer two = login_.with_password("ann", kPassword, kAddress);
  EXPECT_EQ(login_.with_code(one.session->token.view(), code, kAddress).outcome,
            LoginOutcome::open);
  EXPECT_EQ(login_.with_code(two.session->token.view(), code, kAddress).outcome,
            LoginOutcome::refused);
}

TEST_F(LoginTest, DoesNotLetWhoKnowsThePasswordTryCodesWithoutEnd) {
  const TotpSecret secret = turn_second_factor_on();
  int tried = 0;
  for (int i = 0; i < 50; ++i) {
    const LoginAnswer answer = login_.with_password("ann", kPassword, "a" + std::to_string(i));
    if (answer.outcome == LoginOutcome::wait) continue;
    const auto code = login_.with_code(answer.session->token.view(), wrong_code(secret), "b");
    tried += code.outcome == LoginOutcome::refused;
  }
  EXPECT_LE(tried, 3);
}

TEST_F(LoginTest, TakesACodeOnlyForASessionThatWaitsForOne) {
  const LoginAnswer answer = login_.with_password("ann", kPassword, kAddress);
  EXPECT_EQ(login_.with_code(answer.session->token.view(), "000000", kAddress).outcome,
            LoginOutcome::refused);
  EXPECT_EQ(login_.with_code("no token", "000000", kAddress).outcome, LoginOutcome::refused);
}

TEST_F(LoginTest, ProvesAgainWhoThePersonIs) {
  const LoginAnswer answer = login_.with_password("ann", kPassword, kAddress);
  const auto token = answer.session->token.view();
  clock_.advance(11 * kMinuteNs);
  EXPECT_FALSE(sessions_.is_recent(*sessions_.find(token)));
  EXPECT_EQ(login_.again(token, "wrong", "", kAddress).outcome, LoginOutcome::refused);
  EXPECT_TRUE(sessions_.find(token));
  const LoginAnswer renewed = login_.again(token, kPassword, "", kAddress);
  ASSERT_EQ(renewed.outcome, LoginOutcome::open);
  EXPECT_TRUE(sessions_.is_recent(renewed.session->session));
  EXPECT_FALSE(sessions_.find(token));
}

TEST_F(LoginTest, ProvesAgainWithTheSecondFactorToo) {
  const LoginAnswer answer = login_.with_password("ann", kPassword, kAddress);
  const auto token = answer.session->token.view();
  const TotpSecret secret = turn_second_factor_on();
  EXPECT_EQ(login_.again(token, kPassword, "", kAddress).outcome, LoginOutcome::refused);
  EXPECT_EQ(login_.again(token, kPassword, code_of(secret), kAddress).outcome, LoginOutcome::open);
}

TEST_F(LoginTest, ASessionThatWaitsForACodeCannotBeRenewedByThePassword) {
  turn_second_factor_on();
  const LoginAnswer answer = login_.with_password("ann", kPassword, kAddress);
  EXPECT_EQ(login_.again(answer.session->token.view(), kPassword, "", kAddress).outcome,
            LoginOutcome::refused);
}

}  // namespace
}  // namespace safelight::serve
