#include "safelight/casefile/verify.h"

#include <vector>

#include "safelight/audit/verify.h"
#include "safelight/base/fault.h"
#include "safelight/casefile/internal/commit_body.h"
#include "safelight/casefile/internal/open_database.h"
#include "safelight/casefile/internal/place.h"
#include "safelight/casefile/internal/row_inserter.h"
#include "safelight/casefile/internal/schema.h"
#include "safelight/database/transaction.h"
#include "safelight/digest/sha256_stream.h"

namespace safelight::casefile {

using database::Connection;
using database::ReadTransaction;
using database::Statement;
using database::ValueType;

namespace {

/// One table read from its first row to its last, while the audit log says what stands there.
class TableCursor {
 public:
  TableCursor(Connection& connection, const TableSpec& table)
      : name_(table.name),
        rows_(connection, "SELECT " + std::string(table.columns) + " FROM " +
                              std::string(table.name) + " ORDER BY id"),
        more_(rows_.step()) {}

  /// Takes the rows of one commit; the mismatch, if they are not as `range` says.
  std::optional<Mismatch> take(const RowRange& range, uint64_t commit) {
    if (range.first != next_id_ || range.count < 1) {
      return mismatch(range.first, range.first, commit,
                      "the commit claims other rows than come next");
    }
    const int64_t last = range.first + range.count - 1;
    for (; next_id_ <= last; ++next_id_) {
      if (!more_ || rows_.integer(0) != next_id_) {
        return mismatch(next_id_, next_id_, commit, "the row is missing");
      }
      if (rows_.integer(1) != static_cast<int64_t>(commit)) {
        return mismatch(next_id_, next_id_, commit, "the row names another commit");
      }
      encoded_.clear();
      for (int column = 0; column < rows_.columns(); ++column) append_value(column);
      digest_.update(encoded_);
      more_ = rows_.step();
    }
    if (digest_.finish() != range.digest) {
      return mismatch(range.first, last, commit, "a row of these is not as it was written");
    }
    return std::nullopt;
  }

  /// The mismatch, if rows are left for which no commit vouches.
  std::optional<Mismatch> finish() const {
    if (!more_) return std::nullopt;
    Mismatch found = mismatch(rows_.integer(0), rows_.integer(0), 0, "no commit wrote the row");
    found.commit.reset();
    return found;
  }

  [[nodiscard]] uint64_t rows_taken() const { return static_cast<uint64_t>(next_id_ - 1); }

 private:
  [[nodiscard]] Mismatch mismatch(int64_t first, int64_t last, uint64_t commit,
                                  std::string what) const {
    return {name_, first, last, commit, std::move(what)};
  }

  void append_value(int column) {
    switch (rows_.type(column)) {
      case ValueType::null:
        append_null(encoded_);
        break;
      case ValueType::integer:
        append_integer(encoded_, rows_.integer(column));
        break;
      case ValueType::text:
        append_text(encoded_, rows_.text(column));
        break;
      case ValueType::blob:
        append_blob(encoded_, rows_.blob(column));
        break;
      default:
        // No column holds real numbers: whatever is put here, the digest will not fit.
        encoded_.push_back(std::byte{0xff});
    }
  }

  std::string name_;
  Statement rows_;
  bool more_;
  int64_t next_id_ = 1;
  std::vector<std::byte> encoded_;
  Sha256Stream digest_;
};

std::optional<Mismatch> check_file(Connection& connection) {
  if (std::string difference = schema_difference(connection); !difference.empty()) {
    return Mismatch{"", {}, {}, {}, difference};
  }
  Statement integrity(connection, "PRAGMA integrity_check(1)");
  if (integrity.step() && integrity.text(0) != "ok") {
    return Mismatch{"", {}, {}, {}, "the database is damaged: " + std::string(integrity.text(0))};
  }
  Statement orphans(connection, "PRAGMA foreign_key_check");
  if (orphans.step()) {
    return Mismatch{std::string(orphans.text(0)),
                    orphans.integer(1),
                    orphans.integer(1),
                    {},
                    "the row refers to one that is missing"};
  }
  return std::nullopt;
}

std::optional<Mismatch> check_log(Connection& connection, audit::LogVerifier& verifier,
                                  Verification& out) {
  // The file has been checked: its version is one that is known.
  const auto present = tables_of(static_cast<int>(connection.integer("PRAGMA user_version")));
  std::vector<TableCursor> cursors;
  cursors.reserve(present.size());
  for (const TableSpec& table : present) cursors.emplace_back(connection, table);
  Statement records(connection, "SELECT sequence, record FROM audit ORDER BY sequence");
  while (records.step()) {
    const uint64_t sequence = verifier.chain().next_sequence();
    const auto at = static_cast<int64_t>(sequence);
    const auto broken = [&](std::string what) {
      return Mismatch{"audit", at, at, sequence, std::move(what)};
    };
    if (records.integer(0) != at) return broken("the record is missing");
    const auto record = verifier.add(records.blob(1));
    if (!record) {
      return broken("the record does not fit those before it (" + std::string(record.error().rule) +
                    ")");
    }
    const auto body = parse_commit_body(record->body);
    if (!body) {
      return broken("the record cannot be read (" + std::string(body.error().rule) + ")");
    }
    for (size_t table = 0; table < kTables; ++table) {
      if (!body->rows[table]) continue;
      if (table >= cursors.size()) {
        return broken("the record names table \"" + std::string(tables()[table].name) +
                      "\", which a case of this version does not have");
      }
      if (auto mismatch = cursors[table].take(*body->rows[table], sequence)) return mismatch;
    }
    ++out.records;
    out.runs += record->kind == "run.started" || record->kind == "run.resumed" ? 1 : 0;
    out.resumptions += record->kind == "run.resumed" ? 1 : 0;
    out.head = verifier.chain().head();
  }
  for (const TableCursor& cursor : cursors) {
    out.rows += cursor.rows_taken();
    if (auto mismatch = cursor.finish()) return mismatch;
  }
  if (const auto end = verifier.finish(); !end) {
    return Mismatch{
        "audit", {}, {}, {}, "the log does not reach to the noted head: its end is missing"};
  }
  return std::nullopt;
}

}  // namespace

Verification verify_case(const std::filesystem::path& directory,
                         const std::optional<audit::TreeHead>& noted) {
  Verification out;
  out.head = audit::Frontier().head();
  Connection connection = open_for_reading(directory);
  audit::LogVerifier verifier(noted);
  try {
    ReadTransaction transaction(connection);
    out.mismatch = check_file(connection);
    if (!out.mismatch) out.mismatch = check_log(connection, verifier, out);
  } catch (const Fault& fault) {
    out.mismatch = Mismatch{"", {}, {}, {}, fault.what()};
  }
  return out;
}

}  // namespace safelight::casefile
