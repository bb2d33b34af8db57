#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "safelight/bytes/file.h"
#include "safelight/codec/format.h"

namespace safelight::scan {

/// The content of an archive's member as it arrives: kept in an anonymous file, up to a limit.
class MemberFile {
 public:
  explicit MemberFile(uint64_t max_bytes) : max_bytes_(max_bytes) {}

  /// Throws Fault where the system gives no memory.
  void append(std::span<const std::byte> bytes);

  /// The first bytes, at most codec::kSniffBytes.
  [[nodiscard]] std::span<const std::byte> head() const { return head_; }

  /// The whole content for reading only; nothing where it went over the limit.
  std::optional<FileSource> seal() &&;

 private:
  uint64_t max_bytes_;
  uint64_t size_bytes_ = 0;
  std::vector<std::byte> head_;
  Descriptor file_;
};

}  // namespace safelight::scan
