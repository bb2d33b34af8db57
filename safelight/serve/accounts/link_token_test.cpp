#include "safelight/serve/accounts/link_token.h"

#include <gtest/gtest.h>

#include "safelight/serve/accounts/accounts_for_test.h"
#include "safelight/serve/accounts/people.h"

namespace safelight::serve {
namespace {

using testing::kMinuteNs;

class LinkTokenTest : public ::testing::Test {
 protected:
  AccountStore store_ = AccountStore::in_memory();
  testing::SetClock clock_;
  testing::SeededRandom random_;
  PasswordHasher hasher_{testing::kTestCost, 1};
  People people_{store_, clock_, random_, hasher_};
  LinkTokens links_{store_, clock_, random_};
  PersonId examiner_ = people_.add_without_password({"examiner", "Examiner", Role::lead}).value();
};

TEST_F(LinkTokenTest, LetsItsPersonInOnce) {
  const SecretText token = links_.issue(examiner_, 10 * kMinuteNs).value();
  EXPECT_FALSE(links_.redeem("another"));
  EXPECT_EQ(links_.redeem(token.view()), examiner_);
  EXPECT_FALSE(links_.redeem(token.view()));
}

TEST_F(LinkTokenTest, Expires) {
  const SecretText token = links_.issue(examiner_, 10 * kMinuteNs).value();
  clock_.advance(10 * kMinuteNs);
  EXPECT_FALSE(links_.redeem(token.view()));
  clock_.advance(-kMinuteNs);
  EXPECT_FALSE(links_.redeem(token.view())) << "it came back";
}

TEST_F(LinkTokenTest, IsGoodForAnHourAtMost) {
  const SecretText token = links_.issue(examiner_, INT64_MAX).value();
  clock_.advance(kMaxLinkTokenNs);
  EXPECT_FALSE(links_.redeem(token.view()));
}

TEST_F(LinkTokenTest, IsNotGoodOnceAnotherWasIssued) {
  const SecretText first = links_.issue(examiner_, kMinuteNs).value();
  const SecretText second = links_.issue(examiner_, kMinuteNs).value();
  EXPECT_FALSE(links_.redeem(first.view()));
  EXPECT_TRUE(links_.redeem(second.view()));
}

TEST_F(LinkTokenTest, IsIssuedForNobodyWhoIsNotThere) {
  EXPECT_FALSE(links_.issue(PersonId{99}, kMinuteNs));
}

TEST_F(LinkTokenTest, IsNotGoodBeforeItWasIssued) {
  const SecretText token = links_.issue(examiner_, kMinuteNs).value();
  clock_.advance(-1);
  EXPECT_FALSE(links_.redeem(token.view()));
}

}  // namespace
}  // namespace safelight::serve
