#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "safelight/base/result.h"
#include "safelight/bytes/file.h"
#include "safelight/seal/seal_key.h"
#include "safelight/seal/secret_bytes.h"

namespace safelight::lists {

/// The bytes of a compiled file, as CompiledList looks at them: mapped, or, of one that is sealed,
/// in locked memory. The one place where such a file is opened.
class MappedSegment {
 public:
  /// The file need not stay open. `key` opens a sealed one; nullptr opens none. Errors: unreadable;
  /// limit_exceeded; encrypted, rule "compiled-list.sealed" where a key is needed; those of
  /// unseal(). Throws Fault as unseal() does.
  [[nodiscard]] static Result<MappedSegment> open(const FileSource& file, const SealKey* key);
  MappedSegment() = default;

  [[nodiscard]] std::span<const std::byte> bytes() const {
    return is_sealed_ ? unsealed_.bytes() : mapping_.bytes();
  }
  [[nodiscard]] bool is_sealed() const { return is_sealed_; }

  /// Lets go of the memory behind a part that was read through; it is read again where it is
  /// touched again.
  void release(uint64_t offset_bytes, uint64_t length_bytes) const;

 private:
  explicit MappedSegment(FileMapping mapping) : mapping_(std::move(mapping)) {}
  explicit MappedSegment(SecretBytes unsealed) : is_sealed_(true), unsealed_(std::move(unsealed)) {}

  bool is_sealed_ = false;
  FileMapping mapping_;
  SecretBytes unsealed_;
};

}  // namespace safelight::lists
