#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace safelight {

/// Appends integers (little-endian) and bytes to a buffer: what ByteReader reads back.
class ByteWriter {
 public:
  void u8(uint8_t value) { append(value); }
  void u16_le(uint16_t value) { append(value); }
  void u32_le(uint32_t value) { append(value); }
  void u64_le(uint64_t value) { append(value); }
  void bytes(std::span<const std::byte> view) {
    buffer_.insert(buffer_.end(), view.begin(), view.end());
  }
  void text(std::string_view view) { bytes(std::as_bytes(std::span(view))); }
  /// A length of 4 bytes, then the text.
  void sized_text(std::string_view view) {
    u32_le(static_cast<uint32_t>(view.size()));
    text(view);
  }

  [[nodiscard]] std::span<const std::byte> view() const { return buffer_; }
  [[nodiscard]] std::vector<std::byte> take() && { return std::move(buffer_); }

 private:
  template <typename T>
  void append(T value) {
    for (size_t i = 0; i < sizeof(T); ++i)
      buffer_.push_back(static_cast<std::byte>(value >> (8 * i)));
  }

  std::vector<std::byte> buffer_;
};

}  // namespace safelight
