#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace safelight::metadata {

/// A part of the file.
struct ByteRange {
  uint64_t offset_bytes = 0;
  uint64_t length_bytes = 0;

  /// Where what follows it begins. Ranges that a parser gives lie inside their file.
  [[nodiscard]] uint64_t end_bytes() const { return offset_bytes + length_bytes; }
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// The bytes of that part, cut at the end of the file.
inline std::span<const std::byte> bytes_at(std::span<const std::byte> file, ByteRange range) {
  const auto rest = file.subspan(std::min<uint64_t>(range.offset_bytes, file.size()));
  return rest.first(std::min<uint64_t>(range.length_bytes, rest.size()));
}

/// The same as characters.
inline std::string_view text_at(std::span<const std::byte> file, ByteRange range) {
  const auto bytes = bytes_at(file, range);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Whether there is nothing but zero bytes: what writers leave behind the last of a list.
inline bool are_zero(std::span<const std::byte> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

}  // namespace safelight::metadata
