#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "safelight/hash/digests.h"

namespace safelight::lists {

/// SHA-256 of bytes that come in pieces.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;

  void update(std::span<const std::byte> bytes);
  /// The digest of all bytes so far; more may follow.
  [[nodiscard]] Sha256 digest() const;
  /// The digest of all bytes so far; then starts anew, which is quicker than a new stream.
  Sha256 finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace safelight::lists
