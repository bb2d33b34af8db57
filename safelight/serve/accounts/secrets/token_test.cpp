#include "safelight/serve/accounts/secrets/token.h"

#include <gtest/gtest.h>

#include "safelight/serve/accounts/accounts_for_test.h"

namespace safelight::serve {
namespace {

TEST(Token, Is256BitsBehindItsPrefix) {
  testing::SeededRandom random;
  const Token token = make_token(random, "slk_");
  EXPECT_TRUE(token.text.view().starts_with("slk_"));
  EXPECT_EQ(token.text.view().size(), 4u + 43u);
  EXPECT_EQ(
      token.text.view().find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                          "0123456789-_"),
      std::string_view::npos);
  EXPECT_EQ(token.digest, token_digest(token.text.view()));
}

TEST(Token, IsAnotherEachTime) {
  SystemRandom random;
  EXPECT_NE(make_token(random, "").digest, make_token(random, "").digest);
}

TEST(CsrfToken, IsOfOneSessionOnly) {
  const SecretText token = csrf_token("session one");
  EXPECT_TRUE(csrf_matches("session one", token.view()));
  EXPECT_FALSE(csrf_matches("session two", token.view()));
  EXPECT_FALSE(csrf_matches("session one", ""));
  EXPECT_FALSE(csrf_matches("session one", token.view().substr(1)));
  EXPECT_FALSE(csrf_matches("session one", "session one"));
}

TEST(CsrfToken, IsTheHmacThatOthersCompute) {
  // printf 'safelight csrf 1' | openssl dgst -sha256 -hmac key -binary | basenc --base64url
  EXPECT_EQ(csrf_token("key").view(), "qK8G-I6sOTN_AsK9Y7KATobeBxtW1JMVhvOVIpRNdnc");
}

TEST(SecretText, MovesLeavingNothing) {
  SecretText from("short");
  const SecretText to = std::move(from);
  EXPECT_EQ(to.view(), "short");
  EXPECT_EQ(from.view(), "");  // NOLINT: what is left is what is tested.
}

}  // namespace
}  // namespace safelight::serve
