#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/hash/digests.h"

namespace safelight::audit {

/// The longest kind and body that a record may have.
inline constexpr uint32_t kMaxKindBytes = 64;
inline constexpr uint32_t kMaxBodyBytes = 16u << 20;

/// One entry of an append-only log. It names the record before it and the tree of all records
/// before it, so that no record can be edited, dropped or moved without breaking what follows.
struct Record {
  uint64_t sequence = 0;  ///< Counted from 0: the record's leaf index in the tree.
  int64_t time_ns = 0;    ///< Since 1970, UTC, as the writer's clock had it.
  Sha256 previous;        ///< record_hash() of the record before; zeros for the first.
  Sha256 previous_root;   ///< Root of the tree of all records before.
  std::string kind;       ///< Such as "case.created": lower-case letters, digits, '_' and '.'.
  std::string body;       ///< Canonical JSON: keys sorted, no white space, UTF-8.
  friend bool operator==(const Record&, const Record&) = default;
};

/// The canonical bytes of a record: docs/formats/audit.md, section 1. Kind and body must be within
/// their limits.
std::vector<std::byte> encode(const Record& record);

/// Errors: truncated; malformed for a wrong tag, a kind with other characters or bytes left over;
/// limit_exceeded for a kind or body over its limit.
Result<Record> decode_record(std::span<const std::byte> bytes);

/// What stands for a record in the chain and in the tree: the leaf hash of its canonical bytes.
Sha256 record_hash(std::span<const std::byte> encoded);

}  // namespace safelight::audit
