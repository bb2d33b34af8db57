#pragma once

#include <cstdint>
#include <optional>

#include "safelight/sandbox/memory_file.h"

namespace safelight::sandbox {

/// A memory file of fixed size that somebody else is filling. The coordinator makes it, so that
/// what a worker can hold of them is counted and no worker needs a system call that makes memory.
class UnsealedFile {
 public:
  /// Throws Fault if the system gives no memory file.
  static UnsealedFile create(uint64_t size_bytes);

  [[nodiscard]] int descriptor() const { return descriptor_.get(); }
  [[nodiscard]] uint64_t size_bytes() const { return size_bytes_; }

  /// The file, unchangeable from here on; nothing if somebody can still write to it (has it mapped
  /// so) or if it is not what create() made.
  std::optional<MemoryFile> seal() &&;

 private:
  UnsealedFile(Descriptor descriptor, uint64_t size_bytes)
      : descriptor_(std::move(descriptor)), size_bytes_(size_bytes) {}

  Descriptor descriptor_;
  uint64_t size_bytes_ = 0;
};

/// Whether `descriptor` may be given to a worker: a regular file opened for reading only, or a
/// memory file sealed against writing.
bool is_read_only_file(int descriptor);

}  // namespace safelight::sandbox
