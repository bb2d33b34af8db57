#pragma once

#include <string>
#include <string_view>

#include "safelight/base/byte_reader.h"

/// What the messages that workers and their coordinator exchange have in common.
namespace safelight::wire {

/// An enumerator of one byte, at most `last`. Errors: truncated; malformed with that rule.
template <typename Enum>
Result<Enum> read_enum(ByteReader& in, Enum last, std::string_view rule) {
  const Error bad = in.error(ErrorCode::malformed, rule);
  SAFELIGHT_TRY(const auto value, in.u8());
  if (value > static_cast<uint8_t>(last)) return bad;
  return static_cast<Enum>(value);
}

/// A text after its length in 4 bytes. Errors: truncated; limit_exceeded with that rule.
inline Result<std::string> read_text(ByteReader& in, size_t max_bytes, std::string_view rule) {
  const Error too_long = in.error(ErrorCode::limit_exceeded, rule);
  SAFELIGHT_TRY(const auto length, in.u32_le());
  if (length > max_bytes) return too_long;
  SAFELIGHT_TRY(const auto text, in.text(length));
  return std::string(text);
}

/// Success for one byte that is `kind`. Errors: truncated; malformed.
template <typename Enum>
Result<void> read_kind(ByteReader& in, Enum kind) {
  const Error bad = in.error(ErrorCode::malformed, "worker-record.kind");
  SAFELIGHT_TRY(const auto value, in.u8());
  if (value != static_cast<uint8_t>(kind)) return bad;
  return {};
}

/// Success for one byte that is `version`. Errors: truncated; unsupported with that rule.
inline Result<void> read_version(ByteReader& in, uint8_t version, std::string_view rule) {
  const Error bad = in.error(ErrorCode::unsupported, rule);
  SAFELIGHT_TRY(const auto value, in.u8());
  if (value != version) return bad;
  return {};
}

/// Success where nothing is left. Errors: malformed with that rule.
inline Result<void> read_end(const ByteReader& in, std::string_view rule) {
  if (!in.at_end()) return in.error(ErrorCode::malformed, rule);
  return {};
}

}  // namespace safelight::wire
