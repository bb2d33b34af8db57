#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "safelight/hash/digests.h"

namespace safelight {

/// SHA-256 (FIPS 180-4) of bytes that come in pieces, for records, ids and checksums; the digests
/// of evidence come from Digester. Reusable after finish(), which is quicker than a new stream.
class Sha256Stream {
 public:
  /// Throws Fault where OpenSSL does not offer SHA-256.
  Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;
  ~Sha256Stream();

  void update(std::span<const std::byte> bytes);
  /// The digest of all bytes since construction or the last finish(); more may follow.
  [[nodiscard]] Sha256 digest() const;
  /// The same; then starts anew.
  Sha256 finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 of `bytes`.
Sha256 sha256_of(std::span<const std::byte> bytes);

}  // namespace safelight
