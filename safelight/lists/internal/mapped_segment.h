#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "safelight/base/result.h"
#include "safelight/bytes/file.h"

namespace safelight::lists {

/// The bytes of a compiled file, as CompiledList looks at them: the one place where such a file is
/// opened.
class MappedSegment {
 public:
  /// The file need not stay open. Errors: unreadable; limit_exceeded.
  [[nodiscard]] static Result<MappedSegment> open(const FileSource& file);
  MappedSegment() = default;

  [[nodiscard]] std::span<const std::byte> bytes() const { return mapping_.bytes(); }

  /// Lets go of the memory behind a part that was read through; it is read again where it is
  /// touched again.
  void release(uint64_t offset_bytes, uint64_t length_bytes) const;

 private:
  explicit MappedSegment(FileMapping mapping) : mapping_(std::move(mapping)) {}
  FileMapping mapping_;
};

}  // namespace safelight::lists
