#include "safelight/audit/heads/signing_key.h"

#include <gtest/gtest.h>

#include "safelight/audit/heads/heads_for_test.h"
#include "safelight/base/fault.h"

namespace safelight::audit {
namespace {

namespace fs = std::filesystem;
using test::read_text;
using test::write_text;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

/// The key pair of RFC 8032 section 7.1, TEST 2, as PKCS #8.
constexpr std::string_view kRfcPem =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n"
    "-----END PRIVATE KEY-----\n";

class SigningKeyFile : public testing::Test {
 protected:
  void write(std::string_view text, fs::perms mode = fs::perms::owner_read) {
    fs::remove(file_);
    write_text(file_, text);
    fs::permissions(file_, mode);
  }
  Error error_of(std::string_view text) {
    write(text);
    const auto key = SigningKey::read(file_);
    return key ? Error{} : key.error();
  }

  test::Folder folder_;
  fs::path file_ = folder_ / "key";
};

TEST(PublicKey, IsReadAsHexadecimalAndAsPem) {
  const PublicKey key = SigningKey::make().public_key();
  for (const std::string& text : {key.hex(), key.hex() + "\n", key.pem()}) {
    const auto read = PublicKey::parse(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(*read, key);
  }
}

TEST(PublicKey, OfOtherTextIsRefused) {
  const std::string hex = SigningKey::make().public_key().hex();
  for (const std::string& text : {std::string(), hex.substr(1), hex + "0", std::string(64, 'g'),
                                  std::string(kRfcPem), std::string(9000, 'a')}) {
    const auto read = PublicKey::parse(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error(), (Error{ErrorCode::malformed, "public-key.text"}));
  }
}

TEST_F(SigningKeyFile, IsWrittenForItsOwnerAloneAndReadAgain) {
  const SigningKey made = SigningKey::make();
  made.store(file_);
  EXPECT_EQ(fs::status(file_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_TRUE(read_text(file_).starts_with("-----BEGIN PRIVATE KEY-----\n"));
  const auto read = SigningKey::read(file_);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->public_key(), made.public_key());
  EXPECT_THROW(made.store(file_), Fault);
}

// Source: RFC 8032 section 7.1, TEST 2.
TEST_F(SigningKeyFile, SignsAsTheStandardSays) {
  write(kRfcPem);
  const auto key = SigningKey::read(file_);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->public_key().hex(),
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const std::string message = "\x72";
  EXPECT_EQ(to_hex(key->sign(bytes_of(message))),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

TEST_F(SigningKeyFile, IsRefusedWhereOthersMayReadIt) {
  for (const fs::perms others : {fs::perms::group_read, fs::perms::others_read}) {
    write(kRfcPem, fs::perms::owner_read | others);
    const auto key = SigningKey::read(file_);
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error(), (Error{ErrorCode::unreadable, "signing-key.permissions"}));
  }
}

TEST_F(SigningKeyFile, IsNotReadThroughALink) {
  write(kRfcPem);
  fs::create_symlink(file_, folder_ / "link");
  const auto key = SigningKey::read(folder_ / "link");
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error(), (Error{ErrorCode::unsupported, "file.link"}));
}

TEST_F(SigningKeyFile, OfAnotherKindIsRefused) {
  const Error malformed{ErrorCode::malformed, "signing-key.pem"};
  EXPECT_EQ(error_of(""), malformed);
  EXPECT_EQ(error_of(std::string(5000, '\n')), malformed);
  EXPECT_EQ(error_of(SigningKey::make().public_key().pem()), malformed);
  for (size_t length = 0; length < kRfcPem.size() - 2; ++length) {
    EXPECT_EQ(error_of(kRfcPem.substr(0, length)), malformed) << length;
  }
  // An X25519 key (RFC 7748).
  EXPECT_EQ(error_of("-----BEGIN PRIVATE KEY-----\n"
                     "MC4CAQAwBQYDK2VuBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n"
                     "-----END PRIVATE KEY-----\n"),
            (Error{ErrorCode::unsupported, "signing-key.algorithm"}));
}

TEST_F(SigningKeyFile, WithAPasswordIsRefused) {
  EXPECT_EQ(error_of("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                     "MIGjMF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBArjJXOi+jDg8BoBpTG\n"
                     "tO71AgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQO/WXjWiPJ3LryjRm\n"
                     "UrJ9NwRAquTgJsDJi7c6dCzAmL9WqX4gP+kUY7MEV3tz9yBp7H8phQLKdtVx7G3h\n"
                     "Kc3V/tTwx+xloQnWx9P74/G+gqukyw==\n"
                     "-----END ENCRYPTED PRIVATE KEY-----\n"),
            (Error{ErrorCode::encrypted, "signing-key.password"}));
}

TEST(SigningKey, OfAnotherPairDoesNotVerify) {
  const SigningKey one = SigningKey::make();
  const SigningKey other = SigningKey::make();
  Signature signature = one.sign(bytes_of("head"));
  EXPECT_TRUE(one.public_key().verifies(bytes_of("head"), signature));
  EXPECT_FALSE(other.public_key().verifies(bytes_of("head"), signature));
  EXPECT_FALSE(one.public_key().verifies(bytes_of("heads"), signature));
  EXPECT_NE(one.public_key().id(), other.public_key().id());
  for (uint8_t& byte : signature.bytes) {
    byte ^= 1;
    EXPECT_FALSE(one.public_key().verifies(bytes_of("head"), signature));
    byte ^= 1;
  }
}

}  // namespace
}  // namespace safelight::audit
