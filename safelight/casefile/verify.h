#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "safelight/audit/merkle_tree.h"

namespace safelight::casefile {

/// The first thing in a case that is not as its writer left it.
struct Mismatch {
  std::string table;                 ///< "audit" for the log itself, "" for the file as a whole.
  std::optional<int64_t> first_row;  ///< The row, or the first and last of the rows, one of which
  std::optional<int64_t> last_row;   ///< was altered.
  std::optional<uint64_t> commit;    ///< Sequence number of the audit record that vouches for them.
  std::string what;                  ///< One sentence.
};

struct Verification {
  uint64_t records = 0;  ///< Audit records checked.
  uint64_t rows = 0;     ///< Rows of the other tables checked.
  uint64_t runs = 0;
  uint64_t resumptions = 0;  ///< Runs that went on after one that never ended.
  audit::TreeHead head;      ///< Of the records checked.
  std::optional<Mismatch> mismatch;
};

/// Recomputes everything: the file's own structure, the audit log's chain and tree, and the digest
/// of the rows of every commit. `noted` is a head that was noted earlier, which the log must
/// contain; without one, commits cut off at the end cannot be noticed. Reads the case once, in
/// sequence. Throws Fault if there is no case or it cannot be read; a damaged case is a mismatch.
Verification verify_case(const std::filesystem::path& directory,
                         const std::optional<audit::TreeHead>& noted);

}  // namespace safelight::casefile
