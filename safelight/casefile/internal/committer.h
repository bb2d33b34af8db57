#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "safelight/audit/chain.h"
#include "safelight/base/clock.h"
#include "safelight/casefile/internal/commit_body.h"
#include "safelight/casefile/internal/row_inserter.h"
#include "safelight/casefile/internal/schema.h"
#include "safelight/database/connection.h"
#include "safelight/database/statement.h"
#include "safelight/evidence/origin.h"

namespace safelight::casefile {

/// Writes to a case in transactions, each with its record in the audit log. Several processes may,
/// side by side, as long as no two of them write to the same tables: each takes up the records that
/// came from others before it writes its own.
class Committer {
 public:
  using Details = audit::Details;

  /// `clock` outlives it.
  Committer(const std::filesystem::path& directory, const Clock& clock);

  /// Makes the schema of a new case; `fill` writes the rows of its first commit.
  template <typename Fill>
  void create(const std::string& kind, Details details, int64_t now_ns, Fill&& fill) {
    begin_schema();
    in_transaction(kind, std::move(details), now_ns, fill);
  }

  /// Takes up an existing case, brought to this version in a transaction of its own if it is of an
  /// earlier one. Throws Fault for a damaged case or log.
  void open();

  /// One durable transaction of the rows that `fill` writes, or none. A commit may wait for another
  /// process's.
  template <typename Fill>
  void commit(std::string kind, Details details, Fill&& fill) {
    commit_at(std::move(kind), std::move(details), clock_.now_ns(), fill);
  }
  template <typename Fill>
  void commit_at(std::string kind, Details details, int64_t now_ns, Fill&& fill) {
    connection_.execute("BEGIN IMMEDIATE");
    in_transaction(std::move(kind), std::move(details), now_ns, fill);
  }

  /// Within commit(): begins a row.
  RowInserter& row(Table table) {
    return inserter(table).begin(static_cast<int64_t>(chain_.next_sequence()));
  }
  RowInserter& inserter(Table table) { return inserters_[static_cast<size_t>(table)]; }

  /// The row by which rows about an item name it: its first, which stays while revisions come.
  /// Throws std::invalid_argument for an item that is not in the case.
  int64_t first_row(const ItemId& item);

  [[nodiscard]] const Clock& clock() const { return clock_; }
  database::Connection& connection() { return connection_; }
  /// As of the last commit of this process.
  [[nodiscard]] audit::TreeHead head() const { return chain_.head(); }

  /// Moves what is in the write-ahead log into the database, so that a closed case is one file.
  void checkpoint();

 private:
  void begin_schema();
  void migrate();
  void prepare();
  /// Takes up the records that others have written. Throws Fault for one that does not fit.
  void follow_others();
  void add_record(int64_t now_ns, std::string kind, Details details);
  void roll_back();

  /// Fills a transaction that has begun, adds its audit record and commits; or rolls back and
  /// throws.
  template <typename Fill>
  void in_transaction(std::string kind, Details details, int64_t now_ns, Fill&& fill) {
    const audit::Chain before = chain_;
    try {
      follow_others();
      fill();
      add_record(now_ns, std::move(kind), std::move(details));
      connection_.execute("COMMIT");
      for (RowInserter& inserter : inserters_) inserter.accept();
    } catch (...) {
      chain_ = before;
      roll_back();
      throw;
    }
  }

  const std::string file_;
  const Clock& clock_;
  database::Connection connection_;
  audit::Chain chain_;
  std::vector<RowInserter> inserters_;
  std::optional<database::Statement> add_record_;
  std::optional<database::Statement> later_records_;
  std::optional<database::Statement> find_first_row_;
};

}  // namespace safelight::casefile
