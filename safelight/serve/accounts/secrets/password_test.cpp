#include "safelight/serve/accounts/secrets/password.h"

#include <gtest/gtest.h>

#include "safelight/base/fault.h"
#include "safelight/serve/accounts/accounts_for_test.h"

namespace safelight::serve {
namespace {

using testing::kTestCost;

std::string_view rule_of(std::string_view login, std::string_view password) {
  const auto checked = check_new_password(login, password);
  return checked ? "" : checked.error().rule;
}

TEST(NewPassword, HasTwelveCharactersAtLeast) {
  EXPECT_EQ(rule_of("ann", "elevenchars"), "accounts.password-short");
  EXPECT_EQ(rule_of("ann", "twelve chars"), "");
  // Eleven characters in 22 bytes, then twelve.
  EXPECT_EQ(rule_of("ann", "ééééééééééé"), "accounts.password-short");
  EXPECT_EQ(rule_of("ann", "éééééééééééé"), "");
}

TEST(NewPassword, Has128BytesAtMost) {
  EXPECT_EQ(rule_of("ann", std::string(128, 'x')), "");
  EXPECT_EQ(rule_of("ann", std::string(129, 'x')), "accounts.password-long");
}

TEST(NewPassword, IsNotTheLoginName) {
  EXPECT_EQ(rule_of("a-long-login-name", "A-Long-Login-Name"), "accounts.password-login");
  EXPECT_EQ(rule_of("a-long-login-name", "a-long-login-name!"), "");
}

TEST(NewPassword, IsText) {
  EXPECT_EQ(rule_of("ann", "\xff twelve chars"), "accounts.password-utf8");
}

TEST(PasswordHasher, KnowsThePasswordAgain) {
  const PasswordHasher hasher(kTestCost, 1);
  const std::string stored = hasher.hash("correct horse battery");
  EXPECT_TRUE(stored.starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << stored;
  EXPECT_TRUE(hasher.verify(stored, "correct horse battery"));
  EXPECT_FALSE(hasher.verify(stored, "correct horse batterz"));
  EXPECT_FALSE(hasher.verify(stored, ""));
  EXPECT_FALSE(hasher.verify(stored, std::string(100'000, 'x')));
  EXPECT_NE(hasher.hash("correct horse battery"), stored);
  hasher.verify_none("anything");
}

TEST(PasswordHasher, SaysWhenTheCostHasRisen) {
  const PasswordHasher before(kTestCost, 1);
  const PasswordHasher after({2, 16384}, 1);
  const std::string stored = before.hash("correct horse battery");
  EXPECT_FALSE(before.is_outdated(stored));
  EXPECT_TRUE(after.is_outdated(stored));
  EXPECT_TRUE(after.verify(stored, "correct horse battery"));
}

TEST(PasswordHasher, RefusesAHashThatIsNoneOrAsksForTooMuch) {
  const PasswordHasher hasher(kTestCost, 1);
  const std::string tail = "$c29tZXNhbHRzb21lc2FsdA$YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU";
  for (const std::string& stored :
       {std::string(), std::string("plain"), std::string("$argon2id$v=19$m=,t=1,p=1$"),
        "$argon2id$v=19$m=1048577,t=1,p=1" + tail, "$argon2id$v=19$m=8,t=17,p=1" + tail,
        "$argon2id$v=19$m=8,t=1,p=2" + tail, "$argon2i$v=19$m=8,t=1,p=1" + tail,
        "$argon2id$v=19$m=99999999999999999999,t=1,p=1" + tail}) {
    EXPECT_THROW((void)hasher.verify(stored, "correct horse battery"), Fault) << stored;
  }
}

TEST(PasswordHasher, RefusesACostThatNobodyCanPay) {
  EXPECT_THROW(PasswordHasher({1, 1}, 1), Fault);
  EXPECT_THROW(PasswordHasher({17, 8192}, 1), Fault);
  EXPECT_THROW(PasswordHasher(kTestCost, 0), Fault);
}

}  // namespace
}  // namespace safelight::serve
