#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "safelight/base/result.h"

namespace safelight {

/// Reads untrusted bytes in order, never past their end. Every failed read is `truncated` at the
/// offset where it began and leaves the position where it was. Offsets in errors count from
/// `base_offset_bytes`, so that a reader over a part of a file reports places in the file.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes, uint64_t base_offset_bytes = 0)
      : bytes_(bytes), base_offset_bytes_(base_offset_bytes) {}

  /// Bytes read so far, and bytes left.
  [[nodiscard]] size_t position() const { return position_; }
  [[nodiscard]] size_t remaining() const { return bytes_.size() - position_; }
  [[nodiscard]] bool at_end() const { return remaining() == 0; }
  /// The position as an offset in the file.
  [[nodiscard]] uint64_t offset_bytes() const { return base_offset_bytes_ + position_; }

  Result<uint8_t> u8();
  Result<uint16_t> u16_le();
  Result<uint32_t> u32_le();
  Result<uint64_t> u64_le();
  Result<uint16_t> u16_be();
  Result<uint32_t> u32_be();
  Result<uint64_t> u64_be();

  /// The next `count` bytes, as a view into the input.
  Result<std::span<const std::byte>> bytes(uint64_t count);
  /// The next `count` bytes as characters, as a view into the input.
  Result<std::string_view> text(uint64_t count);
  Result<void> skip(uint64_t count);
  /// Moves to `position`, counted from the start of the input; `truncated` if that is past its end.
  Result<void> seek(uint64_t position);

  /// An error at the present position.
  [[nodiscard]] Error error(ErrorCode code, std::string_view rule) const {
    return Error::at(code, rule, offset_bytes());
  }

 private:
  std::span<const std::byte> bytes_;
  size_t position_ = 0;
  uint64_t base_offset_bytes_ = 0;
};

}  // namespace safelight
