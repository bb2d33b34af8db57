#include "safelight/audit/heads/signing_key.h"

#include <algorithm>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "safelight/base/fault.h"
#include "safelight/bytes/private_file.h"
#include "safelight/digest/sha256_stream.h"

namespace safelight::audit {
namespace {

template <auto kFree>
struct OpenSslFree {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Bio = std::unique_ptr<BIO, OpenSslFree<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, OpenSslFree<EVP_PKEY_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, OpenSslFree<EVP_MD_CTX_free>>;

/// The DER of a SubjectPublicKeyInfo of Ed25519 before the key's 32 bytes. Source: RFC 8410
/// section 4.
constexpr std::array<uint8_t, 12> kSpkiPrefix = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                                 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
/// A key file is some 120 bytes; this leaves room for comments before the block.
constexpr size_t kMaxKeyFileBytes = 4096;

[[noreturn]] void fail(const std::string& action) {
  ERR_clear_error();
  throw Fault("OpenSSL cannot " + action);
}

const unsigned char* unsigned_of(std::span<const std::byte> bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

Key raw_public_key(const PublicKey& key) {
  return Key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.bytes.data(), key.bytes.size()));
}

Result<PublicKey> raw_of(const EVP_PKEY* key, const Error& otherwise) {
  PublicKey out;
  size_t size = out.bytes.size();
  const bool is_ed25519 = key != nullptr && EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 &&
                          EVP_PKEY_get_raw_public_key(key, out.bytes.data(), &size) == 1 &&
                          size == out.bytes.size();
  ERR_clear_error();
  if (!is_ed25519) return otherwise;
  return out;
}

/// The text of a key file, wiped when it goes.
struct KeyText {
  std::array<char, kMaxKeyFileBytes> characters{};
  size_t size = 0;
  KeyText() = default;
  KeyText(const KeyText&) = delete;
  KeyText& operator=(const KeyText&) = delete;
  ~KeyText() { OPENSSL_cleanse(characters.data(), characters.size()); }
  [[nodiscard]] std::string_view view() const { return {characters.data(), size}; }
};

Result<void> fill(KeyText& text, const FileSource& file, const Error& otherwise) {
  if (file.size_bytes() > text.characters.size()) return otherwise;
  SAFELIGHT_TRY(text.size, file.read_at(0, std::as_writable_bytes(std::span(text.characters))));
  return {};
}

Bio bio_of(std::string_view text) {
  Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  if (!bio) fail("read a key");
  return bio;
}

/// A key that needs a password cannot be used: nobody is there to give it. Notes that it was asked.
int no_password(char*, int, int, void* was_asked) {
  *static_cast<bool*>(was_asked) = true;
  return -1;
}

}  // namespace

struct SigningKey::Pair {
  Key key;
};

Result<PublicKey> PublicKey::parse(std::string_view text) {
  constexpr Error kMalformed{ErrorCode::malformed, "public-key.text"};
  text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
  PublicKey key;
  if (from_hex(text, key.bytes)) return key;
  if (text.size() > kMaxKeyFileBytes) return kMalformed;
  const Bio bio = bio_of(text);
  bool was_asked = false;
  const Key read(PEM_read_bio_PUBKEY(bio.get(), nullptr, no_password, &was_asked));
  return raw_of(read.get(), kMalformed);
}

Result<PublicKey> PublicKey::read(const std::filesystem::path& file) {
  SAFELIGHT_TRY(const FileSource source, FileSource::open(AT_FDCWD, file.c_str()));
  KeyText text;
  SAFELIGHT_CHECK(fill(text, source, {ErrorCode::malformed, "public-key.text"}));
  return parse(text.view());
}

std::string PublicKey::hex() const { return to_hex(bytes); }

std::string PublicKey::pem() const {
  const Key key = raw_public_key(*this);
  const Bio bio(BIO_new(BIO_s_mem()));
  char* data = nullptr;
  if (!key || !bio || PEM_write_bio_PUBKEY(bio.get(), key.get()) != 1) fail("write a public key");
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<size_t>(size)};
}

KeyId PublicKey::id() const {
  Sha256Stream hash;
  hash.update(std::as_bytes(std::span(kSpkiPrefix)));
  hash.update(std::as_bytes(std::span(bytes)));
  const Sha256 digest = hash.digest();
  KeyId id;
  std::copy_n(digest.bytes.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

bool PublicKey::verifies(std::span<const std::byte> message, const Signature& signature) const {
  const Key key = raw_public_key(*this);
  const DigestContext context(EVP_MD_CTX_new());
  const bool verifies =
      key && context &&
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context.get(), signature.bytes.data(), signature.bytes.size(),
                       unsigned_of(message), message.size()) == 1;
  ERR_clear_error();
  return verifies;
}

SigningKey::SigningKey(std::unique_ptr<Pair> pair) : pair_(std::move(pair)) {
  const auto raw = raw_of(pair_->key.get(), {});
  if (!raw) fail("tell the public key of a pair");
  public_key_ = *raw;
}

SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
// OpenSSL wipes private keys before it frees them.
SigningKey::~SigningKey() = default;

SigningKey SigningKey::make() {
  Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  if (!key) fail("make an Ed25519 key");
  return SigningKey(std::make_unique<Pair>(std::move(key)));
}

Result<SigningKey> SigningKey::read(const std::filesystem::path& file) {
  constexpr Error kMalformed{ErrorCode::malformed, "signing-key.pem"};
  SAFELIGHT_TRY(const FileSource source, FileSource::open(AT_FDCWD, file.c_str()));
  if (!is_private(source)) return Error{ErrorCode::unreadable, "signing-key.permissions"};
  KeyText text;
  SAFELIGHT_CHECK(fill(text, source, kMalformed));
  const Bio bio = bio_of(text.view());
  bool was_asked = false;
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, &was_asked));
  ERR_clear_error();
  if (was_asked) return Error{ErrorCode::encrypted, "signing-key.password"};
  if (!key) return kMalformed;
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519) {
    return Error{ErrorCode::unsupported, "signing-key.algorithm"};
  }
  return SigningKey(std::make_unique<Pair>(std::move(key)));
}

void SigningKey::store(const std::filesystem::path& file) const {
  // Its memory is wiped when it is freed.
  const Bio bio(BIO_new(BIO_s_secmem()));
  char* data = nullptr;
  if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), pair_->key.get(), nullptr, nullptr, 0,
                                            nullptr, nullptr) != 1) {
    fail("write a private key");
  }
  const long size = BIO_get_mem_data(bio.get(), &data);
  make_private_file(file, std::as_bytes(std::span(data, static_cast<size_t>(size))));
}

Signature SigningKey::sign(std::span<const std::byte> message) const {
  Signature signature;
  size_t size = signature.bytes.size();
  const DigestContext context(EVP_MD_CTX_new());
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, pair_->key.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.bytes.data(), &size, unsigned_of(message),
                     message.size()) != 1 ||
      size != signature.bytes.size()) {
    fail("sign");
  }
  return signature;
}

}  // namespace safelight::audit
