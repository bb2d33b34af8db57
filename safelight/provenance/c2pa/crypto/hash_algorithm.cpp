#include "safelight/provenance/c2pa/crypto/hash_algorithm.h"

#include "safelight/base/fault.h"
#include "safelight/provenance/c2pa/crypto/internal/openssl.h"

namespace safelight::c2pa {

std::optional<HashAlgorithm> hash_algorithm_of(std::string_view name) {
  if (name == "sha256") return HashAlgorithm::sha256;
  if (name == "sha384") return HashAlgorithm::sha384;
  if (name == "sha512") return HashAlgorithm::sha512;
  return std::nullopt;
}

struct Hasher::Context {
  EvpMdCtxPtr md;
};

Hasher::Hasher(HashAlgorithm algorithm)
    : context_(std::make_unique<Context>(Context{EvpMdCtxPtr(EVP_MD_CTX_new())})) {
  if (EVP_DigestInit_ex(context_->md.get(), openssl_digest(algorithm), nullptr) != 1) {
    throw Fault("OpenSSL offers no SHA-2");
  }
}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::update(std::span<const std::byte> bytes) {
  EVP_DigestUpdate(context_->md.get(), bytes.data(), bytes.size());
}

std::vector<std::byte> Hasher::finish() && {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_DigestFinal_ex(context_->md.get(), digest, &size);
  const auto bytes = std::as_bytes(std::span(digest, size));
  return {bytes.begin(), bytes.end()};
}

std::vector<std::byte> hash_of(HashAlgorithm algorithm, std::span<const std::byte> bytes) {
  Hasher hasher(algorithm);
  hasher.update(bytes);
  return std::move(hasher).finish();
}

const EVP_MD* openssl_digest(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::sha256:
      return EVP_sha256();
    case HashAlgorithm::sha384:
      return EVP_sha384();
    case HashAlgorithm::sha512:
      return EVP_sha512();
  }
  return EVP_sha256();
}

}  // namespace safelight::c2pa
