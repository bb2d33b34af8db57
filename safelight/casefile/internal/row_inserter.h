#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/casefile/internal/schema.h"
#include "safelight/database/statement.h"
#include "safelight/digest/sha256_stream.h"

namespace safelight::casefile {

/// Appends a value to the canonical encoding of a row: docs/formats/case.md, section 3.
void append_null(std::vector<std::byte>& out);
void append_integer(std::vector<std::byte>& out, int64_t value);
void append_text(std::vector<std::byte>& out, std::string_view text);
void append_blob(std::vector<std::byte>& out, std::span<const std::byte> blob);

/// All columns of the row on which `row` stands. A real number, which no column holds, is appended
/// as what no value encodes to.
void append_columns(std::vector<std::byte>& out, const database::Statement& row);

/// The rows of one table in one commit, and the digest of their canonical encodings.
struct RowRange {
  int64_t first = 0;
  int64_t count = 0;
  Sha256 digest;
  friend bool operator==(const RowRange&, const RowRange&) = default;
};

/// Appends rows to one table, numbered without gaps, and digests what it appends. Values are given
/// in the order of the table's columns, after id and commit_seq.
class RowInserter {
 public:
  RowInserter(database::Connection& connection, const TableSpec& table);

  /// The number of the next row.
  [[nodiscard]] int64_t next_id() const { return next_id_; }

  RowInserter& begin(int64_t commit_seq);
  RowInserter& null();
  RowInserter& integer(int64_t value);
  RowInserter& integer(const std::optional<int64_t>& value) {
    return value ? integer(*value) : null();
  }
  RowInserter& text(std::string_view text);
  RowInserter& blob(std::span<const std::byte> blob);
  /// Writes the row and gives its number.
  int64_t insert();

  /// The rows since the last commit, to be recorded; nothing if there were none. Asked for once,
  /// after the last row.
  std::optional<RowRange> range();
  /// The rows since the last commit are committed.
  void accept() { first_in_commit_ = next_id_; }
  /// The rows since the last commit are rolled back.
  void roll_back();

 private:
  database::Statement statement_;
  int parameters_;
  int64_t next_id_;
  int64_t first_in_commit_;
  int parameter_ = 0;
  std::vector<std::byte> encoded_;
  Sha256Stream digest_;
};

}  // namespace safelight::casefile
