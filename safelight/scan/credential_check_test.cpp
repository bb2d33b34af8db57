#include "safelight/scan/credential_check.h"

#include <gtest/gtest.h>

#include "safelight/digest/sha256_stream.h"

namespace safelight::scan {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

CredentialCheck with(std::initializer_list<std::pair<TrustRole, std::string_view>> files) {
  CredentialCheck check(0);
  for (const auto& [role, text] : files) check.add({role, "name", "date"}, bytes_of(text));
  return check;
}

Finding verdict() {
  Finding finding;
  finding.kind = "c2pa_manifest";
  return finding;
}

TEST(CredentialCheck, ItsDigestIsOfRolesAndContentsInWhateverOrder) {
  using enum TrustRole;
  const auto digest = with({{signers, "a"}, {time_stampers, "b"}}).digest();
  EXPECT_EQ(with({{time_stampers, "b"}, {signers, "a"}}).digest(), digest);
  EXPECT_NE(with({{time_stampers, "a"}, {signers, "b"}}).digest(), digest);
  EXPECT_NE(with({{signers, "a"}}).digest(), digest);
  EXPECT_EQ(with({}).digest(), sha256_of({}));
}

TEST(CredentialCheck, KnowsTheVerdictsThatItGave) {
  const auto ours = with({{TrustRole::signers, "a"}});
  const auto others = with({{TrustRole::signers, "b"}});
  std::vector<Finding> findings = {verdict()};
  EXPECT_FALSE(ours.gave(findings));
  ours.note_trust(findings[0]);
  EXPECT_TRUE(ours.gave(findings));
  EXPECT_FALSE(others.gave(findings));
}

TEST(CredentialCheck, OtherFindingsRestOnNoTrust) {
  const auto check = with({{TrustRole::signers, "a"}});
  Finding other;
  other.kind = "camera_metadata";
  check.note_trust(other);
  EXPECT_TRUE(other.fields.empty());
  EXPECT_TRUE(check.gave(std::span(&other, 1)));
}

TEST(CredentialCheck, KeepsACopyOfEachFile) {
  const auto check = with({{TrustRole::signers, "abc"}, {TrustRole::signer_usages, ""}});
  ASSERT_EQ(check.files().size(), 2u);
  EXPECT_EQ(check.files()[0].size_bytes(), 3u);
  EXPECT_EQ(check.files()[1].size_bytes(), 0u);
  EXPECT_EQ(check.digests()[0], sha256_of(bytes_of("abc")));
}

}  // namespace
}  // namespace safelight::scan
