#include "safelight/serve/accounts/secrets/totp.h"

#include <gtest/gtest.h>

#include "safelight/serve/accounts/accounts_for_test.h"

namespace safelight::serve {
namespace {

using testing::kSecondNs;

/// The secret of RFC 6238, appendix B, for SHA-1.
TotpSecret rfc_secret() {
  constexpr std::string_view kText = "12345678901234567890";
  return TotpSecret(std::as_bytes(std::span<const char, 20>(kText.data(), 20)));
}

TEST(Totp, GivesTheCodesOfTheRfc) {
  // The last six of the eight digits in RFC 6238, appendix B.
  const std::pair<int64_t, std::string_view> vectors[] = {
      {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
      {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
  for (const auto& [seconds, code] : vectors) {
    EXPECT_EQ(totp_code(rfc_secret(), seconds / kTotpStepSeconds), code) << seconds;
  }
}

TEST(Totp, AcceptsOneStepOnEitherSide) {
  const TotpSecret secret = rfc_secret();
  const int64_t step = 1000;
  const int64_t now_ns = (step * kTotpStepSeconds + 7) * kSecondNs;
  for (int64_t other = step - 1; other <= step + 1; ++other) {
    EXPECT_EQ(accept_totp(secret, totp_code(secret, other), now_ns, kNoTotpStep), other);
  }
  EXPECT_FALSE(accept_totp(secret, totp_code(secret, step - 2), now_ns, kNoTotpStep));
  EXPECT_FALSE(accept_totp(secret, totp_code(secret, step + 2), now_ns, kNoTotpStep));
}

TEST(Totp, AcceptsNoCodeTwiceAndNoneBeforeTheLast) {
  const TotpSecret secret = rfc_secret();
  const int64_t now_ns = 1000 * kTotpStepSeconds * kSecondNs;
  EXPECT_FALSE(accept_totp(secret, totp_code(secret, 1000), now_ns, 1000));
  EXPECT_FALSE(accept_totp(secret, totp_code(secret, 999), now_ns, 1000));
  EXPECT_TRUE(accept_totp(secret, totp_code(secret, 1001), now_ns, 1000));
}

TEST(Totp, AcceptsOnlySixDigits) {
  const TotpSecret secret = rfc_secret();
  const std::string code = totp_code(secret, 1000);
  const int64_t now_ns = 1000 * kTotpStepSeconds * kSecondNs;
  EXPECT_FALSE(accept_totp(secret, "", now_ns, kNoTotpStep));
  EXPECT_FALSE(accept_totp(secret, code.substr(1), now_ns, kNoTotpStep));
  EXPECT_FALSE(accept_totp(secret, code + "0", now_ns, kNoTotpStep));
}

TEST(Totp, IsGivenToAnAuthenticatorAsAUri) {
  EXPECT_EQ(rfc_secret().text().view(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  EXPECT_EQ(rfc_secret().uri("Safelight North", "ann.b").view(),
            "otpauth://totp/Safelight%20North:ann.b?issuer=Safelight%20North&algorithm=SHA1&"
            "digits=6&period=30&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

TEST(Totp, SecretsAreRandom) {
  SystemRandom random;
  EXPECT_NE(TotpSecret(random).text().view(), TotpSecret(random).text().view());
}

}  // namespace
}  // namespace safelight::serve
