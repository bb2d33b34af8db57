#include "safelight/audit/sha256_stream.h"

#include <openssl/evp.h>

#include "safelight/base/fault.h"

namespace safelight::audit {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeMethod {
  void operator()(EVP_MD* method) const { EVP_MD_free(method); }
};

void require(int status) {
  // Only a broken or mis-configured OpenSSL fails here: no input can.
  if (status != 1) throw Fault("OpenSSL cannot compute SHA-256");
}

}  // namespace

struct Sha256Stream::State {
  std::unique_ptr<EVP_MD, FreeMethod> method{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {
  require(state_->method && state_->context ? 1 : 0);
  require(EVP_DigestInit_ex2(state_->context.get(), state_->method.get(), nullptr));
}

Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;
Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::update(std::span<const std::byte> bytes) {
  require(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()));
}

Sha256 Sha256Stream::finish() {
  Sha256 digest;
  require(EVP_DigestFinal_ex(state_->context.get(), digest.bytes.data(), nullptr));
  require(EVP_DigestInit_ex2(state_->context.get(), nullptr, nullptr));
  return digest;
}

Sha256 sha256(std::span<const std::byte> bytes) {
  Sha256Stream stream;
  stream.update(bytes);
  return stream.finish();
}

}  // namespace safelight::audit
