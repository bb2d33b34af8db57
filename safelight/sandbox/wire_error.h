#pragma once

#include <string_view>

#include "safelight/base/byte_reader.h"
#include "safelight/base/byte_writer.h"
#include "safelight/base/error.h"

namespace safelight::sandbox {

/// The longest rule that crosses the wire.
inline constexpr size_t kMaxRuleBytes = 64;

/// Writes an Error: code, offset kind, offset, rule (cut at kMaxRuleBytes). 11 bytes and the rule.
void write_error(ByteWriter& out, const Error& error);

/// Reads an Error that write_error() wrote in another process. Its rule is made to refer to text of
/// static storage: each rule is kept once for the life of the process, at most 4,096 of them; later
/// new ones become "worker.too-many-rules". Safe from many threads.
/// Errors: truncated; malformed if the code, the offset kind or a character of the rule is none
/// (rules are lower-case letters, digits, '.', '-' and '_').
Result<Error> read_error(ByteReader& in);

}  // namespace safelight::sandbox
