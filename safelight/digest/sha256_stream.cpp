#include "safelight/digest/sha256_stream.h"

#include "safelight/digest/internal/algorithm.h"

namespace safelight {

struct Sha256Stream::State {
  digest_internal::Algorithm sha256{"SHA256"};
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {}
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;
Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::update(std::span<const std::byte> bytes) { state_->sha256.update(bytes); }

Sha256 Sha256Stream::digest() const {
  Sha256 digest;
  state_->sha256.digest(digest.bytes);
  return digest;
}

Sha256 Sha256Stream::finish() {
  Sha256 digest;
  state_->sha256.finish(digest.bytes);
  return digest;
}

Sha256 sha256_of(std::span<const std::byte> bytes) {
  Sha256Stream stream;
  stream.update(bytes);
  return stream.finish();
}

}  // namespace safelight
