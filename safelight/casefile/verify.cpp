#include "safelight/casefile/verify.h"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "safelight/audit/log_examiner.h"
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
      append_columns(encoded_, rows_);
      digest_.update(encoded_);
      more_ = rows_.step();
    }
    if (digest_.finish() != range.digest) {
      return mismatch(range.first, last, commit, "a row of these is not as it was written");
    }
    return std::nullopt;
  }

  /// The mismatch, if rows are left for which no commit vouches, where the log has that many
  /// records.
  std::optional<Mismatch> finish(uint64_t records) const {
    if (!more_) return std::nullopt;
    Mismatch found = mismatch(rows_.integer(0), rows_.integer(0), 0, "no commit wrote the row");
    found.commit.reset();
    const int64_t named = rows_.integer(1);
    if (named >= 0 && static_cast<uint64_t>(named) >= records) {
      found.what += ": the log ends before record " + std::to_string(named) + ", which it names";
    }
    return found;
  }

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] uint64_t rows_taken() const { return static_cast<uint64_t>(next_id_ - 1); }

 private:
  [[nodiscard]] Mismatch mismatch(int64_t first, int64_t last, uint64_t commit,
                                  std::string what) const {
    return {name_, first, last, commit, std::move(what)};
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

/// The rows for which records vouch, from one noted head to the next.
class VouchedRows {
 public:
  void add(const std::vector<TableCursor>& cursors, const CommitBody& body) {
    for (size_t table = 0; table < cursors.size(); ++table) {
      if (!body.rows[table]) continue;
      const RowRange& range = *body.rows[table];
      const int64_t last = range.first + range.count - 1;
      if (!spans_[table]) spans_[table] = RowSpan{cursors[table].name(), range.first, last};
      spans_[table]->last = last;
    }
  }
  void clear() { spans_ = {}; }
  [[nodiscard]] std::vector<RowSpan> spans() const {
    std::vector<RowSpan> out;
    for (const auto& span : spans_) {
      if (span) out.push_back(*span);
    }
    return out;
  }

 private:
  std::array<std::optional<RowSpan>, kTables> spans_;
};

/// Reads the log and, as far as it goes, the rows for which its records vouch.
class LogCheck {
 public:
  LogCheck(Connection& connection, const audit::NotedHeads& noted, Verification& out)
      : connection_(connection), examiner_(noted), out_(out) {
    // The file has been checked: its version is one that is known.
    const auto present = tables_of(static_cast<int>(connection.integer("PRAGMA user_version")));
    cursors_.reserve(present.size());
    for (const TableSpec& table : present) cursors_.emplace_back(connection, table);
  }

  /// Gives what was found, in the order of the log.
  std::vector<Mismatch> run() {
    Statement records(connection_, "SELECT sequence, record FROM audit ORDER BY sequence");
    while (records.step()) {
      const uint64_t at = examiner_.head().size;
      const auto record = examiner_.add(records.blob(1));
      if (!record) continue;
      if (records.integer(0) != static_cast<int64_t>(at)) {
        add_to_log(at, "the record stands under number " + std::to_string(records.integer(0)));
      }
      count(*record);
      check_rows(*record, at);
      note_rewritten();
    }
    examiner_.finish();
    finish();
    return std::move(found_);
  }

 private:
  void count(const audit::Record& record) {
    ++out_.records;
    out_.runs += record.kind == "run.started" || record.kind == "run.resumed" ? 1 : 0;
    out_.resumptions += record.kind == "run.resumed" ? 1 : 0;
  }

  /// A record's number, which may be any that somebody wrote, as that of a row.
  static int64_t row_of(uint64_t record) {
    constexpr auto kMax = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
    return static_cast<int64_t>(std::min(record, kMax));
  }

  void add_to_log(uint64_t record, std::string what) {
    const int64_t row = row_of(record);
    found_.push_back({"audit", row, row, record, std::move(what)});
  }

  /// Takes the rows of a record, up to the first that do not fit: behind it every row would be
  /// another.
  void check_rows(const audit::Record& record, uint64_t at) {
    const auto body = parse_commit_body(record.body);
    if (body) vouched_.add(cursors_, *body);
    if (is_stopped_) return;
    is_stopped_ = true;
    if (!body) {
      return add_to_log(at, "the record cannot be read (" + std::string(body.error().rule) + ")");
    }
    for (size_t table = 0; table < kTables; ++table) {
      if (!body->rows[table]) continue;
      if (table >= cursors_.size()) {
        return add_to_log(at, "the record names table \"" + std::string(tables()[table].name) +
                                  "\", which a case of this version does not have");
      }
      if (auto mismatch = cursors_[table].take(*body->rows[table], at)) {
        found_.push_back(*std::move(mismatch));
        return;
      }
    }
    is_stopped_ = false;
  }

  /// Keeps the rows of records that fit no head, as far as they have been read.
  void note_rewritten() {
    if (!examiner_.broken()) {
      if (examiner_.vouched_size() == examiner_.head().size) vouched_.clear();
    } else if (!rewritten_) {
      rewritten_ = vouched_.spans();
    }
  }

  void finish() {
    out_.head = examiner_.head();
    out_.heads_fitting = examiner_.heads_fitting();
    out_.vouched_records = examiner_.vouched_size();
    if (const auto& broken = examiner_.broken()) {
      using Kind = audit::LogBreak::Kind;
      const bool is_bounded_by_heads = broken->kind == Kind::rewritten ||
                                       broken->kind == Kind::forked ||
                                       broken->kind == Kind::cut_off;
      found_.push_back(
          {"audit", row_of(broken->first), row_of(broken->last), broken->first, broken->what});
      if (is_bounded_by_heads) {
        found_.back().vouched_rows = rewritten_ ? *rewritten_ : vouched_.spans();
      }
    }
    const bool is_whole = out_.records == audit_rows();
    for (const TableCursor& cursor : cursors_) {
      out_.rows += cursor.rows_taken();
      if (!is_whole || is_stopped_) continue;
      if (auto mismatch = cursor.finish(out_.records)) found_.push_back(*std::move(mismatch));
    }
    // What names one record stands before what names several of which it may be one; a record
    // before the rows of which it says what does not fit.
    std::stable_sort(found_.begin(), found_.end(), [](const Mismatch& a, const Mismatch& b) {
      return std::pair(last_record(a), a.table != "audit") <
             std::pair(last_record(b), b.table != "audit");
    });
  }

  [[nodiscard]] uint64_t audit_rows() {
    return static_cast<uint64_t>(connection_.integer("SELECT count(*) FROM audit"));
  }

  static uint64_t last_record(const Mismatch& mismatch) {
    if (mismatch.table == "audit") return static_cast<uint64_t>(*mismatch.last_row);
    return mismatch.commit.value_or(std::numeric_limits<uint64_t>::max());
  }

  Connection& connection_;
  audit::LogExaminer examiner_;
  Verification& out_;
  std::vector<TableCursor> cursors_;
  VouchedRows vouched_;
  std::optional<std::vector<RowSpan>> rewritten_;
  bool is_stopped_ = false;
  std::vector<Mismatch> found_;
};

}  // namespace

std::string place_text(const Mismatch& mismatch) {
  if (mismatch.table.empty()) return "the file";
  std::string out = mismatch.table;
  const std::string unit = mismatch.table == "audit" ? "record" : "row";
  if (mismatch.first_row) {
    out += ", " + unit + (mismatch.last_row == mismatch.first_row ? " " : "s ") +
           std::to_string(*mismatch.first_row);
    if (mismatch.last_row != mismatch.first_row) {
      out += " to " + std::to_string(*mismatch.last_row);
    }
  }
  if (mismatch.commit && mismatch.table != "audit") {
    out += " (record " + std::to_string(*mismatch.commit) + ")";
  }
  return out;
}

Verification verify_case(const std::filesystem::path& directory, const audit::NotedHeads& noted) {
  Verification out;
  out.head = audit::Frontier().head();
  Connection connection = open_for_reading(directory);
  try {
    ReadTransaction transaction(connection);
    out.mismatch = check_file(connection);
    if (!out.mismatch) {
      out.further = LogCheck(connection, noted, out).run();
      if (!out.further.empty()) {
        out.mismatch = std::move(out.further.front());
        out.further.erase(out.further.begin());
      }
    }
  } catch (const Fault& fault) {
    out.mismatch = Mismatch{"", {}, {}, {}, fault.what()};
  }
  return out;
}

}  // namespace safelight::casefile
