#include "safelight/serve/accounts/api_key.h"

#include <gtest/gtest.h>

#include "safelight/serve/accounts/accounts_for_test.h"
#include "safelight/serve/accounts/internal/store_state.h"

namespace safelight::serve {
namespace {

using testing::kMinuteNs;

class ApiKeyTest : public ::testing::Test {
 protected:
  IssuedApiKey add(Scopes scopes, std::optional<int64_t> expires_ns = std::nullopt) {
    return keys_.add({"uploader", "platform", scopes, expires_ns}).value();
  }

  AccountStore store_ = AccountStore::in_memory();
  testing::SetClock clock_;
  testing::SeededRandom random_;
  ApiKeys keys_{store_, clock_, random_};
  Sha256 certificate_{{1, 2, 3}};
};

TEST_F(ApiKeyTest, IsFoundByItsTextAlone) {
  const IssuedApiKey issued = add({Scope::screen});
  EXPECT_TRUE(issued.text.view().starts_with("slk_"));
  const ApiKey key = keys_.find(issued.text.view()).value();
  EXPECT_EQ(key.id, issued.id);
  EXPECT_EQ(key.tenant, "platform");
  EXPECT_EQ(key.scopes, Scopes{Scope::screen});
  EXPECT_FALSE(keys_.find(""));
  EXPECT_FALSE(keys_.find("slk_"));
  EXPECT_FALSE(keys_.find(issued.text.view().substr(4)));
  EXPECT_FALSE(keys_.find(std::string(issued.text.view()) + " "));
}

TEST_F(ApiKeyTest, IsFoundByItsIdAsLongAsItIsGood) {
  const IssuedApiKey issued = add({Scope::lookup});
  EXPECT_EQ(keys_.find(issued.id)->scopes, Scopes{Scope::lookup});
  EXPECT_FALSE(keys_.find(ApiKeyId{issued.id.value + 1}));
  ASSERT_TRUE(keys_.revoke(issued.id));
  EXPECT_FALSE(keys_.find(issued.id));
}

TEST_F(ApiKeyTest, IsStoredAsADigestAlone) {
  const IssuedApiKey issued = add({Scope::screen});
  database::Statement row(store_.state().connection(), "SELECT * FROM api_keys");
  ASSERT_TRUE(row.step());
  for (int column = 0; column < row.columns(); ++column) {
    EXPECT_EQ(row.text(column).find(issued.text.view().substr(4)), std::string_view::npos);
  }
}

TEST_F(ApiKeyTest, IsGoodUntilItExpires) {
  const IssuedApiKey issued = add({Scope::screen}, clock_.now_ns() + kMinuteNs);
  clock_.advance(kMinuteNs - 1);
  EXPECT_TRUE(keys_.find(issued.text.view()));
  clock_.advance(1);
  EXPECT_FALSE(keys_.find(issued.text.view()));
}

TEST_F(ApiKeyTest, IsGoodUntilItIsRevoked) {
  const IssuedApiKey issued = add({Scope::screen});
  ASSERT_TRUE(keys_.revoke(issued.id));
  const int64_t revoked_ns = clock_.now_ns();
  EXPECT_FALSE(keys_.find(issued.text.view()));
  clock_.advance(kMinuteNs);
  ASSERT_TRUE(keys_.revoke(issued.id));
  EXPECT_EQ(keys_.all().at(0).revoked_ns, revoked_ns);
  EXPECT_EQ(keys_.revoke(ApiKeyId{99}).error().rule, "accounts.key");
}

TEST_F(ApiKeyTest, SaysToTheHourWhenItWasLastUsed) {
  const IssuedApiKey issued = add({Scope::screen});
  EXPECT_FALSE(keys_.all().at(0).last_used_ns);
  const int64_t first_ns = clock_.now_ns();
  (void)keys_.find(issued.text.view());
  clock_.advance(59 * kMinuteNs);
  (void)keys_.find(issued.text.view());
  EXPECT_EQ(keys_.all().at(0).last_used_ns, first_ns);
  clock_.advance(kMinuteNs);
  (void)keys_.find(issued.text.view());
  EXPECT_EQ(keys_.all().at(0).last_used_ns, clock_.now_ns());
}

TEST_F(ApiKeyTest, IsAddedByTheRules) {
  EXPECT_EQ(keys_.add({"", "t", {Scope::screen}, {}}).error().rule, "accounts.name");
  EXPECT_EQ(keys_.add({"n", "a\nb", {Scope::screen}, {}}).error().rule, "accounts.name");
  EXPECT_EQ(keys_.add({"n", "t", {}, {}}).error().rule, "accounts.scopes");
  EXPECT_EQ(keys_.add({"n", "t", {Scope::screen}, clock_.now_ns()}).error().rule,
            "accounts.key-expiry");
  EXPECT_TRUE(keys_.all().empty());
}

TEST_F(ApiKeyTest, IsStoodForByACertificate) {
  const IssuedApiKey issued = add({Scope::lookup});
  EXPECT_FALSE(keys_.find_certificate(certificate_));
  ASSERT_TRUE(keys_.map_certificate(certificate_, issued.id));
  EXPECT_EQ(keys_.find_certificate(certificate_)->id, issued.id);
  EXPECT_EQ(keys_.certificates().at(0).fingerprint, certificate_);
  const IssuedApiKey other = add({Scope::screen});
  ASSERT_TRUE(keys_.map_certificate(certificate_, other.id));
  EXPECT_EQ(keys_.find_certificate(certificate_)->id, other.id);
  EXPECT_EQ(keys_.certificates().size(), 1u);
  ASSERT_TRUE(keys_.remove_certificate(certificate_));
  EXPECT_FALSE(keys_.find_certificate(certificate_));
  EXPECT_EQ(keys_.remove_certificate(certificate_).error().rule, "accounts.certificate");
  EXPECT_EQ(keys_.map_certificate(certificate_, ApiKeyId{99}).error().rule, "accounts.key");
}

TEST_F(ApiKeyTest, RevokesItsCertificatesToo) {
  const IssuedApiKey issued = add({Scope::lookup});
  ASSERT_TRUE(keys_.map_certificate(certificate_, issued.id));
  ASSERT_TRUE(keys_.revoke(issued.id));
  EXPECT_FALSE(keys_.find_certificate(certificate_));
}

}  // namespace
}  // namespace safelight::serve
