#include "safelight/digest/internal/algorithm.h"

#include <cassert>
#include <string>

#include "safelight/base/fault.h"

namespace safelight::digest_internal {

Algorithm::Algorithm(const char* name)
    : name_(name), method_(EVP_MD_fetch(nullptr, name, nullptr)), context_(EVP_MD_CTX_new()) {
  if (!method_ || !context_) throw Fault(std::string("OpenSSL does not offer ") + name);
  start();
}

void Algorithm::check(int status) const {
  if (status != 1) throw Fault(std::string("OpenSSL cannot compute ") + name_);
}

void Algorithm::start() { check(EVP_DigestInit_ex2(context_.get(), method_.get(), nullptr)); }

void Algorithm::update(std::span<const std::byte> bytes) {
  check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

void Algorithm::digest(std::span<uint8_t> out) const {
  assert(out.size() == static_cast<size_t>(EVP_MD_get_size(method_.get())));
  const Context copy(EVP_MD_CTX_new());
  check(copy ? EVP_MD_CTX_copy_ex(copy.get(), context_.get()) : 0);
  check(EVP_DigestFinal_ex(copy.get(), out.data(), nullptr));
}

void Algorithm::finish(std::span<uint8_t> out) {
  assert(out.size() == static_cast<size_t>(EVP_MD_get_size(method_.get())));
  check(EVP_DigestFinal_ex(context_.get(), out.data(), nullptr));
  start();
}

}  // namespace safelight::digest_internal
