#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include "safelight/audit/chain.h"

namespace safelight::audit {

/// Checks a log record by record, in order, keeping nothing but the head, for a writer that goes on
/// from it. LogExaminer names the place where a log was changed.
class LogVerifier {
 public:
  LogVerifier() = default;
  /// Goes on from a log that was verified so far.
  explicit LogVerifier(Chain verified) : chain_(std::move(verified)) {}

  /// Takes the next record's canonical bytes and gives the record. Errors: those of
  /// decode_record(); integrity_mismatch for "audit.sequence", "audit.previous-hash" and
  /// "audit.previous-root". After an error nothing more is to be added.
  Result<Record> add(std::span<const std::byte> encoded);

  /// The log so far, to go on from.
  [[nodiscard]] const Chain& chain() const { return chain_; }

 private:
  Chain chain_;
};

}  // namespace safelight::audit
