#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "safelight/bytes/file.h"

namespace safelight::sandbox {

/// An anonymous file in memory whose bytes and size nobody can change any more (all of
/// F_SEAL_SHRINK, GROW, WRITE and SEAL are set), so that it can be mapped without fear of SIGBUS or
/// of bytes that change between two looks: `FileMapping::map(file.descriptor())`.
class MemoryFile {
 public:
  MemoryFile() = default;

  /// A sealed copy of `bytes`: how a request carries more than kMaxMessageBytes.
  /// Throws Fault if the system gives no memory file.
  static MemoryFile copy_of(std::span<const std::byte> bytes);

  /// The descriptor alone, for who reads it as a file.
  [[nodiscard]] Descriptor release() && { return std::move(descriptor_); }
  [[nodiscard]] int descriptor() const { return descriptor_.get(); }
  [[nodiscard]] uint64_t size_bytes() const { return size_bytes_; }

 private:
  friend class UnsealedFile;
  friend class MemoryFileWriter;
  MemoryFile(Descriptor descriptor, uint64_t size_bytes)
      : descriptor_(std::move(descriptor)), size_bytes_(size_bytes) {}

  Descriptor descriptor_;
  uint64_t size_bytes_ = 0;
};

/// Makes a memory file of what comes piece by piece, without its size being known before.
class MemoryFileWriter {
 public:
  /// Throws Fault if the system gives no memory file.
  MemoryFileWriter();
  /// Throws Fault if there is no memory for it.
  void append(std::span<const std::byte> bytes);
  [[nodiscard]] uint64_t size_bytes() const { return size_bytes_; }
  /// Throws Fault.
  [[nodiscard]] MemoryFile seal() &&;

 private:
  Descriptor descriptor_;
  uint64_t size_bytes_ = 0;
};

}  // namespace safelight::sandbox
