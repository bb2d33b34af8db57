#include "safelight/seal/secret_bytes.h"

#include <cerrno>
#include <openssl/crypto.h>
#include <string>
#include <sys/mman.h>

#include "safelight/base/fault.h"

namespace safelight {

SecretBytes::SecretBytes(size_t size) : memory_(size) {
  if (size == 0) return;
  const auto bytes = memory_.bytes();
  // Locked as it is first written, by whichever thread writes it.
  if (::mlock2(bytes.data(), bytes.size(), MLOCK_ONFAULT) != 0) {
    throw Fault::from_errno("cannot lock " + std::to_string(size) +
                                " bytes of memory for secrets (ulimit -l says how much may be)",
                            errno);
  }
  ::madvise(bytes.data(), bytes.size(), MADV_DONTDUMP);
}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  wipe();
  memory_ = std::move(other.memory_);
  return *this;
}

SecretBytes::~SecretBytes() { wipe(); }

void SecretBytes::wipe() noexcept {
  const auto bytes = memory_.bytes();
  if (!bytes.empty()) OPENSSL_cleanse(bytes.data(), bytes.size());
}

}  // namespace safelight
