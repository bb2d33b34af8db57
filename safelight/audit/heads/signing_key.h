#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "safelight/base/result.h"
#include "safelight/hash/digests.h"

namespace safelight::audit {

/// An Ed25519 signature. Source: RFC 8032 section 5.1.6.
using Signature = Digest<64, struct SignatureTag>;
/// Names a public key: the first 8 bytes of the SHA-256 of its SubjectPublicKeyInfo. A label to
/// look a key up by, no proof of it.
using KeyId = Digest<8, struct KeyIdTag>;

/// The public half of an Ed25519 key pair: tells whether a signature is of the other half.
struct PublicKey {
  std::array<uint8_t, 32> bytes{};  ///< Source: RFC 8032 section 5.1.5.

  /// 64 hexadecimal digits, or the PEM form that pem() gives, either with white space behind it.
  /// Errors: malformed, "public-key.text".
  [[nodiscard]] static Result<PublicKey> parse(std::string_view text);
  /// Reads a file that holds what parse() takes. Errors: those of FileSource::open() and parse().
  [[nodiscard]] static Result<PublicKey> read(const std::filesystem::path& file);

  [[nodiscard]] std::string hex() const;
  /// A PUBLIC KEY block (RFC 8410 section 10.1), which openssl takes.
  [[nodiscard]] std::string pem() const;
  [[nodiscard]] KeyId id() const;

  /// Whether `signature` was made over `message` with the other half. Takes untrusted signatures.
  [[nodiscard]] bool verifies(std::span<const std::byte> message, const Signature& signature) const;

  friend bool operator==(const PublicKey&, const PublicKey&) = default;
};

/// An Ed25519 key pair, with which tree heads are signed. What is secret in it is wiped when it
/// goes. Signing is safe from many threads.
class SigningKey {
 public:
  /// A new pair from the system's random numbers. Throws Fault.
  [[nodiscard]] static SigningKey make();

  /// Reads a PEM file of a private key without a password (PKCS #8, RFC 8410 section 7). Errors:
  /// those of FileSource::open(), which refuses a link; unreadable, "signing-key.permissions",
  /// where others than its owner may read or write it; encrypted, "signing-key.password";
  /// unsupported, "signing-key.algorithm"; malformed, "signing-key.pem".
  [[nodiscard]] static Result<SigningKey> read(const std::filesystem::path& file);

  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;
  ~SigningKey();

  /// Makes a file that read() takes, mode 0600, on the disk when the call returns. Throws Fault;
  /// also where the file exists.
  void store(const std::filesystem::path& file) const;

  [[nodiscard]] const PublicKey& public_key() const { return public_key_; }
  [[nodiscard]] Signature sign(std::span<const std::byte> message) const;

 private:
  struct Pair;
  explicit SigningKey(std::unique_ptr<Pair> pair);
  std::unique_ptr<Pair> pair_;
  PublicKey public_key_;
};

}  // namespace safelight::audit
