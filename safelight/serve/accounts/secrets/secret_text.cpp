#include "safelight/serve/accounts/secrets/secret_text.h"

#include <sodium.h>

namespace safelight::serve {

SecretText& SecretText::operator=(SecretText&& other) noexcept {
  if (this == &other) return *this;
  wipe();
  // A short text lies within its string, so that moving copies it: swapped, and the rest wiped.
  text_.swap(other.text_);
  other.wipe();
  return *this;
}

void SecretText::wipe() noexcept {
  sodium_memzero(text_.data(), text_.size());
  text_.clear();
}

}  // namespace safelight::serve
