#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"

namespace safelight {

/// Random-access reads over something of a known size: a file, memory, a part of either. Reading is
/// safe from many threads.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  [[nodiscard]] virtual uint64_t size_bytes() const = 0;

  /// Fills `out` from `offset_bytes` on and gives the number of bytes read, less than asked for
  /// only at the end. Errors: unreadable, at the first byte that could not be read; changed, where
  /// the source has become shorter than size_bytes().
  virtual Result<size_t> read_at(uint64_t offset_bytes, std::span<std::byte> out) const = 0;
};

/// Bytes that stand in memory, owned.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}
  [[nodiscard]] uint64_t size_bytes() const override { return bytes_.size(); }
  Result<size_t> read_at(uint64_t offset_bytes, std::span<std::byte> out) const override;

 private:
  std::vector<std::byte> bytes_;
};

/// `size_bytes` bytes of `whole` from `offset_bytes` on, cut at its end. `whole` must outlive it.
class SubSource final : public ByteSource {
 public:
  SubSource(const ByteSource& whole, uint64_t offset_bytes, uint64_t size_bytes);
  [[nodiscard]] uint64_t size_bytes() const override { return size_bytes_; }
  Result<size_t> read_at(uint64_t offset_bytes, std::span<std::byte> out) const override;

 private:
  const ByteSource& whole_;
  uint64_t offset_bytes_;
  uint64_t size_bytes_;
};

/// All of a source that has to be small. Errors: limit_exceeded, `rule`, where it has more than
/// `max_bytes`; as read_at(); changed where it gave less than its size.
Result<std::vector<std::byte>> read_all(const ByteSource& source, uint64_t max_bytes,
                                        std::string_view rule);

}  // namespace safelight
