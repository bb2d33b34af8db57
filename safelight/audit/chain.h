#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "safelight/audit/merkle_tree.h"
#include "safelight/audit/record.h"

namespace safelight::audit {

/// The writing end of a log: makes each record out of what happened and of all records before.
/// Small and copyable, so that a caller whose storage fails keeps the copy from before.
class Chain {
 public:
  /// The canonical bytes of the next record, which the caller stores. `kind` and `body` as in
  /// Record.
  std::vector<std::byte> append(int64_t time_ns, std::string kind, std::string body);

  /// Takes over the encoded record that comes next in a log that was verified.
  void follow(std::span<const std::byte> encoded);

  /// The sequence number of the next record.
  [[nodiscard]] uint64_t next_sequence() const { return tree_.size(); }
  [[nodiscard]] const Sha256& last_hash() const { return last_; }
  [[nodiscard]] TreeHead head() const { return tree_.head(); }

 private:
  Frontier tree_;
  Sha256 last_;
};

}  // namespace safelight::audit
