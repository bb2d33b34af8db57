#pragma once

#include <cstdint>
#include <string_view>

namespace safelight {

/// What went wrong with an input. Callers branch on this, never on text.
enum class ErrorCode : uint8_t {
  truncated,           ///< The input ends early; more bytes might help.
  malformed,           ///< The bytes break a rule of their format.
  unsupported,         ///< Well-formed as far as read, but a variant that is not handled.
  limit_exceeded,      ///< A named limit of ours was reached before the input was done.
  integrity_mismatch,  ///< A checksum, digest or signature in the input does not fit it.
  unreadable,          ///< The medium would not give the bytes (bad sector, permission).
  encrypted,           ///< A password or key is needed.
  changed,             ///< The input changed while it was read.
  timed_out,           ///< Work on the input took longer than allowed.
  worker_crashed,      ///< The sandboxed worker that handled the input died.
  not_found,           ///< What was asked for is not there.
};

/// Whether `Error::offset_bytes` is the parser's own, the bytes consumed so far, or absent.
enum class OffsetKind : uint8_t { none, exact, approximate };

/// Why an input could not be handled, in full or in part. Cheap to make and to copy: `rule` refers
/// to text of static storage duration.
struct Error {
  ErrorCode code = ErrorCode::malformed;
  std::string_view rule;  ///< The rule broken, such as "png.chunk-crc".
  uint64_t offset_bytes = 0;
  OffsetKind offset_kind = OffsetKind::none;

  static constexpr Error at(ErrorCode code, std::string_view rule, uint64_t offset_bytes) {
    return {code, rule, offset_bytes, OffsetKind::exact};
  }
  static constexpr Error near(ErrorCode code, std::string_view rule, uint64_t consumed_bytes) {
    return {code, rule, consumed_bytes, OffsetKind::approximate};
  }
  friend bool operator==(const Error&, const Error&) = default;
};

/// The code's name as it is stored and shown, such as "limit_exceeded".
std::string_view to_text(ErrorCode code);

/// The code of that name; `ErrorCode::malformed` for a name that is none.
ErrorCode error_code_from_text(std::string_view text);

}  // namespace safelight
