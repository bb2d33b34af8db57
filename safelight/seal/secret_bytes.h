#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include "safelight/base/huge_bytes.h"

namespace safelight {

/// Owns zeroed bytes that the system never writes to a swap device or into a core dump, and that
/// are zeroed again when they go. In pages of 2 MiB where the system gives them.
class SecretBytes {
 public:
  SecretBytes() = default;
  /// Throws Fault where the system does not lock so much (the
  /// limit `ulimit -l`), std::bad_alloc where it does not have it.
  explicit SecretBytes(size_t size);
  SecretBytes(SecretBytes&&) noexcept = default;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  ~SecretBytes();

  [[nodiscard]] std::span<std::byte> bytes() { return memory_.bytes(); }
  [[nodiscard]] std::span<const std::byte> bytes() const { return memory_.bytes(); }

 private:
  void wipe() noexcept;
  HugeBytes memory_;
};

}  // namespace safelight
