#pragma once

#include <string_view>

#include "safelight/base/byte_reader.h"
#include "safelight/base/byte_writer.h"
#include "safelight/base/error.h"

namespace safelight::sandbox {

/// The longest rule that crosses the wire.
inline constexpr size_t kMaxRuleBytes = 64;

/// Writes an Error: code, offset kind, offset, rule (cut at kMaxRuleBytes, a character that is none
/// of a rule's replaced by '_'). 11 bytes and the rule.
void write_error(ByteWriter& out, const Error& error);

/// An Error as a value, where Result's own Error means something else.
struct SentError {
  Error error;
};

/// Reads an Error that write_error() wrote in another process. Its rule is made to refer to text of
/// static storage: each rule is kept once for the life of the process, at most 4,096 of them; later
/// new ones become "worker.too-many-rules". Safe from many threads.
/// Errors: truncated; malformed if the code, the offset kind or a character of the rule is none
/// (rules are of letters, digits, '.', '-', '_' and ' ').
Result<SentError> read_error(ByteReader& in);

}  // namespace safelight::sandbox
