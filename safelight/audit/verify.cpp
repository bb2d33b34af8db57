#include "safelight/audit/verify.h"

namespace safelight::audit {
namespace {

Error mismatch(std::string_view rule) { return {ErrorCode::integrity_mismatch, rule}; }

}  // namespace

Result<Record> LogVerifier::add(std::span<const std::byte> encoded) {
  SAFELIGHT_TRY(Record record, decode_record(encoded));
  if (record.sequence != chain_.next_sequence()) return mismatch("audit.sequence");
  if (record.previous != chain_.last_hash()) return mismatch("audit.previous-hash");
  if (record.previous_root != chain_.head().root) return mismatch("audit.previous-root");
  chain_.follow(encoded);
  return record;
}

}  // namespace safelight::audit
