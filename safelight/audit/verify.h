#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>

#include "safelight/audit/chain.h"

namespace safelight::audit {

/// Checks a log record by record, in order, keeping nothing but the head.
///
/// A log whose tail was cut off is a good log of its own: only somebody who noted a later head
/// elsewhere can tell. Such a head is passed as `noted`.
class LogVerifier {
 public:
  explicit LogVerifier(std::optional<TreeHead> noted = std::nullopt) : noted_(noted) {}
  /// Goes on from a log that was verified so far.
  explicit LogVerifier(Chain verified) : chain_(std::move(verified)) {}

  /// Takes the next record's canonical bytes and gives the record. Errors: those of
  /// decode_record(); integrity_mismatch for "audit.sequence", "audit.previous-hash",
  /// "audit.previous-root" and "audit.noted-head". After an error nothing more is to be added.
  Result<Record> add(std::span<const std::byte> encoded);

  /// Success if the log reaches to the noted head. Errors: integrity_mismatch, "audit.noted-head".
  [[nodiscard]] Result<void> finish() const;

  /// The log so far, to go on from.
  [[nodiscard]] const Chain& chain() const { return chain_; }

 private:
  [[nodiscard]] Result<void> check_noted() const;

  Chain chain_;
  std::optional<TreeHead> noted_;
};

}  // namespace safelight::audit
