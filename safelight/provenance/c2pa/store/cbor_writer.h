#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace safelight::c2pa {

/// Appends CBOR items in their shortest encoding, enough of them for what COSE signs.
class CborWriter {
 public:
  CborWriter& unsigned_integer(uint64_t value) { return head(0, value); }
  CborWriter& negative_integer(int64_t value) { return head(1, static_cast<uint64_t>(-1 - value)); }
  CborWriter& bytes(std::span<const std::byte> content) {
    return head(2, content.size()).raw(content);
  }
  CborWriter& text(std::string_view content) {
    return head(3, content.size()).raw(std::as_bytes(std::span(content)));
  }
  CborWriter& array(uint64_t count) { return head(4, count); }
  CborWriter& map(uint64_t count) { return head(5, count); }
  CborWriter& tag(uint64_t value) { return head(6, value); }
  CborWriter& boolean(bool value) { return byte(value ? 0xf5 : 0xf4); }
  CborWriter& null() { return byte(0xf6); }
  /// An item that is encoded already.
  CborWriter& raw(std::span<const std::byte> item) {
    out_.insert(out_.end(), item.begin(), item.end());
    return *this;
  }

  [[nodiscard]] std::vector<std::byte> take() && { return std::move(out_); }

 private:
  CborWriter& byte(uint8_t value) {
    out_.push_back(static_cast<std::byte>(value));
    return *this;
  }
  CborWriter& head(uint8_t major, uint64_t argument) {
    const auto first = static_cast<uint8_t>(major << 5);
    if (argument < 24) return byte(static_cast<uint8_t>(first | argument));
    const int width = argument > 0xffffffff ? 3 : argument > 0xffff ? 2 : argument > 0xff ? 1 : 0;
    byte(static_cast<uint8_t>(first | (24 + width)));
    for (int shift = (8 << width) - 8; shift >= 0; shift -= 8) {
      byte(static_cast<uint8_t>(argument >> shift));
    }
    return *this;
  }

  std::vector<std::byte> out_;
};

}  // namespace safelight::c2pa
