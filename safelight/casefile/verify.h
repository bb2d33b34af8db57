#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "safelight/audit/merkle_tree.h"
#include "safelight/audit/noted_heads.h"

namespace safelight::casefile {

/// Rows of one table, both ends included.
struct RowSpan {
  std::string table;
  int64_t first = 0;
  int64_t last = 0;
  friend bool operator==(const RowSpan&, const RowSpan&) = default;
};

/// A thing in a case that is not as its writer left it.
struct Mismatch {
  std::string table;                 ///< "audit" for the log itself, "" for the file as a whole.
  std::optional<int64_t> first_row;  ///< The row, or the first and last of the rows, one of which
  std::optional<int64_t> last_row;   ///< was altered; in the log, numbers of records.
  std::optional<uint64_t> commit;    ///< Sequence number of the audit record that vouches for them.
  std::string what;                  ///< One sentence.
  /// Where records fit each other but no noted head: the rows for which those records vouch, which
  /// may have been changed with them.
  std::vector<RowSpan> vouched_rows = {};
};

/// Where it is, such as "items, rows 11 to 20 (record 5)" or "the file".
std::string place_text(const Mismatch& mismatch);

struct Verification {
  uint64_t records = 0;  ///< Audit records that fit each other.
  uint64_t rows = 0;     ///< Rows of the other tables checked.
  uint64_t runs = 0;
  uint64_t resumptions = 0;          ///< Runs that went on after one that never ended.
  audit::TreeHead head;              ///< Of the records that fit each other.
  uint64_t heads_fitting = 0;        ///< Of the noted heads.
  uint64_t vouched_records = 0;      ///< Records for which noted heads vouch; the rest stand alone.
  std::optional<Mismatch> mismatch;  ///< The first in the order of the log.
  std::vector<Mismatch> further;     ///< What else was found, in the same order.
};

/// Recomputes everything: the file's own structure, the audit log's chain and tree, and the digest
/// of the rows of every commit. `noted` are heads that were noted elsewhere, to which the log must
/// fit; without one, commits cut off at the end, or a log rewritten from some commit on, cannot be
/// noticed. Reads the case once, in sequence; what was written after the heads were read is no
/// mismatch. Throws Fault if there is no case or it cannot be read; a damaged case is a mismatch.
Verification verify_case(const std::filesystem::path& directory, const audit::NotedHeads& noted);

}  // namespace safelight::casefile
