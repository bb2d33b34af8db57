#include "safelight/base/byte_reader.h"

namespace safelight {
namespace {

constexpr std::string_view kPastEnd = "read past the end";

template <typename T>
T from_little_endian(std::span<const std::byte> bytes) {
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(value | static_cast<T>(static_cast<T>(bytes[i]) << (8 * i)));
  }
  return value;
}

template <typename T>
T from_big_endian(std::span<const std::byte> bytes) {
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(value |
                           static_cast<T>(static_cast<T>(bytes[i]) << (8 * (sizeof(T) - 1 - i))));
  }
  return value;
}

}  // namespace

Result<uint8_t> ByteReader::u8() {
  SAFELIGHT_TRY(const auto view, bytes(1));
  return static_cast<uint8_t>(view[0]);
}

Result<uint16_t> ByteReader::u16_le() {
  SAFELIGHT_TRY(const auto view, bytes(2));
  return from_little_endian<uint16_t>(view);
}

Result<uint32_t> ByteReader::u32_le() {
  SAFELIGHT_TRY(const auto view, bytes(4));
  return from_little_endian<uint32_t>(view);
}

Result<uint64_t> ByteReader::u64_le() {
  SAFELIGHT_TRY(const auto view, bytes(8));
  return from_little_endian<uint64_t>(view);
}

Result<uint16_t> ByteReader::u16_be() {
  SAFELIGHT_TRY(const auto view, bytes(2));
  return from_big_endian<uint16_t>(view);
}

Result<uint32_t> ByteReader::u32_be() {
  SAFELIGHT_TRY(const auto view, bytes(4));
  return from_big_endian<uint32_t>(view);
}

Result<uint64_t> ByteReader::u64_be() {
  SAFELIGHT_TRY(const auto view, bytes(8));
  return from_big_endian<uint64_t>(view);
}

Result<std::span<const std::byte>> ByteReader::bytes(uint64_t count) {
  if (count > remaining()) return error(ErrorCode::truncated, kPastEnd);
  const auto view = bytes_.subspan(position_, static_cast<size_t>(count));
  position_ += static_cast<size_t>(count);
  return view;
}

Result<std::string_view> ByteReader::text(uint64_t count) {
  SAFELIGHT_TRY(const auto view, bytes(count));
  return std::string_view(reinterpret_cast<const char*>(view.data()), view.size());
}

Result<void> ByteReader::skip(uint64_t count) {
  SAFELIGHT_TRY([[maybe_unused]] const auto view, bytes(count));
  return {};
}

Result<void> ByteReader::seek(uint64_t position) {
  if (position > bytes_.size()) return error(ErrorCode::truncated, kPastEnd);
  position_ = static_cast<size_t>(position);
  return {};
}

}  // namespace safelight
