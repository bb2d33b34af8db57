#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "safelight/hash/digests.h"

namespace safelight::audit {

/// SHA-256 (FIPS 180-4) of bytes that come in pieces. Reusable after finish().
class Sha256Stream {
 public:
  Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;
  ~Sha256Stream();

  void update(std::span<const std::byte> bytes);
  /// The digest of all bytes since construction or the last finish(); then starts anew.
  Sha256 finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 of `bytes`.
Sha256 sha256(std::span<const std::byte> bytes);

}  // namespace safelight::audit
