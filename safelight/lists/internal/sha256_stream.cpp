#include "safelight/lists/internal/sha256_stream.h"

#include <openssl/evp.h>

#include "safelight/base/fault.h"

namespace safelight::lists {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

void check(int status) {
  if (status != 1) throw Fault("OpenSSL cannot compute SHA-256");
}

}  // namespace

struct Sha256Stream::State {
  Context context{EVP_MD_CTX_new()};
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {
  check(state_->context ? 1 : 0);
  check(EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr));
}

Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::update(std::span<const std::byte> bytes) {
  check(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()));
}

Sha256 Sha256Stream::digest() const {
  const Context copy(EVP_MD_CTX_new());
  check(copy ? EVP_MD_CTX_copy_ex(copy.get(), state_->context.get()) : 0);
  Sha256 digest;
  check(EVP_DigestFinal_ex(copy.get(), digest.bytes.data(), nullptr));
  return digest;
}

Sha256 Sha256Stream::finish() {
  Sha256 digest;
  check(EVP_DigestFinal_ex(state_->context.get(), digest.bytes.data(), nullptr));
  check(EVP_DigestInit_ex(state_->context.get(), nullptr, nullptr));
  return digest;
}

}  // namespace safelight::lists
