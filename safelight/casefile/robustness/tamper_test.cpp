/// What somebody does to a case behind the program's back, who may know its format as well as we
/// do: `verify_case()` with heads that were kept elsewhere names the place each time.
#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "safelight/audit/chain.h"
#include "safelight/casefile/internal/commit_body.h"
#include "safelight/casefile/internal/place.h"
#include "safelight/casefile/internal/sample_case.h"
#include "safelight/casefile/verify.h"
#include "safelight/database/statement.h"

namespace safelight::casefile {
namespace {

using database::Connection;
using database::Statement;
using testing::HasSubstr;

std::string number(auto value) { return std::to_string(value); }

/// A case with a record between others that wrote no rows, so that it can be taken out whole.
void make_case(const std::filesystem::path& directory) {
  sample::make_case(directory, 40);
  const sample::TickingClock clock;
  sample::KeepingLog log;
  for (const char* const format : {"html", "csv", "json"}) {
    ActWriter::open(directory, clock, log).note("report.written", {{"format", format}});
  }
  sample::fill_every_table(directory);
}

/// The records of the notes that make_case() adds.
constexpr uint64_t kFirstNote = 9;

class Tamper : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new sample::Folder;
    make_case(*folder_ / "case");
    Connection connection = open(*folder_ / "case" / kDatabaseName);
    connection.execute("PRAGMA journal_mode=DELETE");
    for (const auto& record : records_of(connection)) {
      tree_.append(audit::record_hash(record));
      heads_.push_back({tree_.head(), "head " + number(tree_.size())});
    }
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
    tree_ = {};
    heads_.clear();
  }

  static Connection open(const std::filesystem::path& file) {
    Connection connection = Connection::open("case", file.string(), Connection::Access::write);
    connection.execute("PRAGMA foreign_keys=OFF; PRAGMA synchronous=OFF");
    return connection;
  }

  static std::vector<std::vector<std::byte>> records_of(Connection& connection) {
    std::vector<std::vector<std::byte>> out;
    Statement rows(connection, "SELECT record FROM audit ORDER BY sequence");
    while (rows.step()) out.emplace_back(rows.blob(0).begin(), rows.blob(0).end());
    return out;
  }

  /// The case anew.
  void SetUp() override { restore(); }
  void restore() {
    connection_.reset();
    std::filesystem::remove_all(directory_);
    std::filesystem::copy(*folder_ / "case", directory_);
    connection_.emplace(open(directory_ / kDatabaseName));
  }

  void run(const std::string& sql) { connection_->execute(sql); }
  int64_t ask(const std::string& sql) { return connection_->integer(sql); }

  /// Makes the log fit the rows as they are now, and every record the one before.
  void forge_log() {
    audit::Chain chain;
    std::vector<std::vector<std::byte>> forged;
    for (const auto& bytes : records_of(*connection_)) {
      const audit::Record record = *audit::decode_record(bytes);
      CommitBody body = *parse_commit_body(record.body);
      for (size_t table = 0; table < kTables; ++table) {
        body.rows[table] = range_of(tables()[table], chain.next_sequence());
      }
      forged.push_back(chain.append(record.time_ns, record.kind, to_json(body)));
    }
    run("BEGIN; DELETE FROM audit");
    Statement insert(*connection_, "INSERT INTO audit VALUES(?, ?)");
    for (size_t i = 0; i < forged.size(); ++i) {
      insert.bind(0, static_cast<int64_t>(i)).bind_blob(1, forged[i]).step();
    }
    run("COMMIT");
  }

  std::optional<RowRange> range_of(const TableSpec& table, uint64_t commit) {
    Statement rows(*connection_, "SELECT " + std::string(table.columns) + " FROM " +
                                     std::string(table.name) + " WHERE commit_seq = ? ORDER BY id");
    rows.bind(0, static_cast<int64_t>(commit));
    RowRange range;
    Sha256Stream digest;
    while (rows.step()) {
      if (range.count++ == 0) range.first = rows.integer(0);
      std::vector<std::byte> encoded;
      append_columns(encoded, rows);
      digest.update(encoded);
    }
    range.digest = digest.finish();
    return range.count > 0 ? std::optional(range) : std::nullopt;
  }

  /// The heads after every so many records, and the last.
  static audit::NotedHeads heads_every(size_t step) {
    std::vector<audit::NotedHead> out;
    for (size_t i = step; i < heads_.size(); i += step) out.push_back(heads_[i - 1]);
    out.push_back(heads_.back());
    return out;
  }

  Verification verify(const audit::NotedHeads& noted = {}) const {
    return verify_case(directory_, noted);
  }

  /// Expects that the log is named, and that what was done to record `changed` is within the place,
  /// as narrowly as the heads are set.
  void expect_forged_record(uint64_t changed, const std::string& what) const {
    SCOPED_TRACE(what);
    EXPECT_FALSE(verify().mismatch);
    for (const uint64_t step : {1, 4}) {
      const auto mismatch = verify(heads_every(step)).mismatch;
      ASSERT_TRUE(mismatch) << step;
      EXPECT_EQ(mismatch->table, "audit");
      const uint64_t first = changed / step * step;
      const uint64_t end = std::min<uint64_t>(first + step, heads_.size());
      EXPECT_EQ(mismatch->first_row, static_cast<int64_t>(first));
      EXPECT_EQ(mismatch->last_row, static_cast<int64_t>(end) - 1);
    }
  }

  static std::string edit_of(const TableSpec& table, int64_t id) {
    const std::string columns(table.columns);
    const std::string last = columns.substr(columns.rfind(' ') + 1);
    return "UPDATE " + std::string(table.name) + " SET " + last + " = CASE typeof(" + last +
           ") WHEN 'integer' THEN " + last + " + 1 WHEN 'text' THEN " + last +
           " || 'x' WHEN 'blob' THEN zeroblob(length(" + last +
           ") + 1) ELSE (SELECT CASE type WHEN 'TEXT' THEN 'x' WHEN 'BLOB' THEN x'00' ELSE 1 END "
           "FROM pragma_table_info('" +
           std::string(table.name) + "') WHERE name = '" + last + "') END WHERE id = " + number(id);
  }

  struct Row {
    int64_t id = 0;
    uint64_t commit = 0;
  };
  Row last_row(const TableSpec& table) {
    const std::string name(table.name);
    return {
        ask("SELECT max(id) FROM " + name),
        static_cast<uint64_t>(ask("SELECT commit_seq FROM " + name + " ORDER BY id DESC LIMIT 1"))};
  }
  bool leads_nowhere() { return ask("SELECT count(*) FROM pragma_foreign_key_check") > 0; }

  static inline sample::Folder* folder_ = nullptr;
  static inline audit::Frontier tree_;
  static inline std::vector<audit::NotedHead> heads_;  ///< After each record.
  sample::Folder own_;
  std::filesystem::path directory_ = own_ / "case";
  std::optional<Connection> connection_;
};

TEST_F(Tamper, AnUntouchedCaseFitsEveryHead) {
  const Verification verification = verify(heads_every(1));
  ASSERT_FALSE(verification.mismatch) << verification.mismatch->what;
  EXPECT_EQ(verification.records, heads_.size());
  EXPECT_EQ(verification.heads_fitting, heads_.size());
  EXPECT_EQ(verification.vouched_records, heads_.size());
  const Verification early = verify(audit::NotedHeads({heads_[3], heads_[7]}));
  EXPECT_FALSE(early.mismatch);
  EXPECT_EQ(early.vouched_records, 8u);
}

TEST_F(Tamper, TheForgeryOfAnUntouchedCaseIsThatCase) {
  forge_log();
  EXPECT_FALSE(verify(heads_every(1)).mismatch);
}

TEST_F(Tamper, AnEditedRowOfEveryTableIsNamed) {
  for (const TableSpec& table : tables()) {
    SCOPED_TRACE(table.name);
    const Row row = last_row(table);
    run(edit_of(table, row.id));
    const auto mismatch = verify(heads_every(4)).mismatch;
    ASSERT_TRUE(mismatch);
    EXPECT_EQ(mismatch->table, table.name);
    EXPECT_LE(*mismatch->first_row, row.id);
    EXPECT_GE(*mismatch->last_row, row.id);
    // A row that leads nowhere is named before the log is read.
    if (!leads_nowhere()) {
      EXPECT_EQ(mismatch->commit, row.commit);
    }
    restore();
  }
}

TEST_F(Tamper, AnEditedRowWhoseLogWasForgedIsBoundedByTheHeads) {
  for (const TableSpec& table : tables()) {
    SCOPED_TRACE(table.name);
    const Row row = last_row(table);
    run(edit_of(table, row.id));
    forge_log();
    const auto mismatch = verify(heads_every(1)).mismatch;
    ASSERT_TRUE(mismatch);
    if (leads_nowhere()) {
      EXPECT_EQ(mismatch->table, table.name);
    } else {
      expect_forged_record(row.commit, std::string(table.name));
      EXPECT_EQ(std::count_if(mismatch->vouched_rows.begin(), mismatch->vouched_rows.end(),
                              [&](const RowSpan& span) {
                                return span.table == table.name && span.first <= row.id &&
                                       span.last >= row.id;
                              }),
                1);
    }
    restore();
  }
}

TEST_F(Tamper, ADeletedRowOfEveryTableIsNamed) {
  for (const TableSpec& table : tables()) {
    SCOPED_TRACE(table.name);
    const Row row = last_row(table);
    run("DELETE FROM " + std::string(table.name) + " WHERE id = " + number(row.id));
    const bool is_referred_to = leads_nowhere();
    auto mismatch = verify(heads_every(4)).mismatch;
    ASSERT_TRUE(mismatch);
    if (is_referred_to) {
      EXPECT_THAT(mismatch->what, HasSubstr("refers to one that is missing"));
    } else {
      EXPECT_EQ(mismatch->table, table.name);
      EXPECT_EQ(mismatch->first_row, row.id);
      EXPECT_EQ(mismatch->commit, row.commit);
    }
    forge_log();
    mismatch = verify(heads_every(1)).mismatch;
    ASSERT_TRUE(mismatch);
    if (!is_referred_to) expect_forged_record(row.commit, std::string(table.name));
    restore();
  }
}

TEST_F(Tamper, SwappedRowsOfEveryTableAreNamed) {
  for (const TableSpec& table : tables()) {
    const std::string name(table.name);
    SCOPED_TRACE(name);
    const Row row = last_row(table);
    if (row.id < 2) continue;
    run("UPDATE " + name + " SET id = -1 WHERE id = " + number(row.id) + "; UPDATE " + name +
        " SET id = id + 1 WHERE id = " + number(row.id - 1) + "; UPDATE " + name +
        " SET id = " + number(row.id - 1) + " WHERE id = -1");
    auto mismatch = verify(heads_every(4)).mismatch;
    ASSERT_TRUE(mismatch);
    EXPECT_EQ(mismatch->table, name);
    EXPECT_LE(*mismatch->first_row, row.id);
    EXPECT_GE(*mismatch->last_row, row.id - 1);
    restore();
  }
}

TEST_F(Tamper, EveryEditedRecordIsNamed) {
  const uint64_t records = heads_.size();
  for (uint64_t i = 0; i < records; ++i) {
    run("UPDATE audit SET record = CAST(substr(record, 1, 12) || x'01' || substr(record, 14) AS "
        "BLOB) WHERE sequence = " +
        number(i));
    const auto mismatch = verify(heads_every(1)).mismatch;
    ASSERT_TRUE(mismatch);
    EXPECT_EQ(mismatch->table, "audit");
    EXPECT_EQ(mismatch->first_row, static_cast<int64_t>(i));
    EXPECT_EQ(mismatch->last_row, static_cast<int64_t>(i));
    // Without heads the last record alone can be edited unseen.
    EXPECT_EQ(verify().mismatch.has_value(), i + 1 < records);
    forge_log();
    expect_forged_record(i, number(i));
    restore();
  }
}

TEST_F(Tamper, EveryDeletedRecordIsNamed) {
  const uint64_t records = heads_.size();
  for (uint64_t i = 0; i < records; ++i) {
    run("DELETE FROM audit WHERE sequence = " + number(i));
    const auto mismatch = verify(heads_every(1)).mismatch;
    ASSERT_TRUE(mismatch);
    EXPECT_EQ(mismatch->table, "audit");
    EXPECT_EQ(mismatch->first_row, static_cast<int64_t>(i));
    EXPECT_EQ(mismatch->last_row, static_cast<int64_t>(i));
    EXPECT_THAT(mismatch->what, HasSubstr("missing"));
    restore();
  }
}

TEST_F(Tamper, ARecordTakenOutAndAllBehindItForgedIsBoundedByTheHeads) {
  run("DELETE FROM audit WHERE sequence = " + number(kFirstNote + 1));
  for (const TableSpec& table : tables()) {
    run("UPDATE " + std::string(table.name) +
        " SET commit_seq = commit_seq - 1 WHERE commit_seq > " + number(kFirstNote + 1));
  }
  forge_log();
  expect_forged_record(kFirstNote + 1, "taken out");
}

TEST_F(Tamper, ReorderedRecordsAreNamed) {
  const auto swap = [&](uint64_t first, uint64_t second) {
    run("UPDATE audit SET sequence = -1 WHERE sequence = " + number(first) +
        "; UPDATE audit SET sequence = " + number(first) + " WHERE sequence = " + number(second) +
        "; UPDATE audit SET sequence = " + number(second) + " WHERE sequence = -1");
  };
  for (uint64_t i = 0; i + 1 < heads_.size(); ++i) {
    swap(i, i + 1);
    const auto mismatch = verify(heads_every(4)).mismatch;
    ASSERT_TRUE(mismatch);
    EXPECT_EQ(mismatch->table, "audit");
    EXPECT_EQ(mismatch->first_row, static_cast<int64_t>(i));
    EXPECT_EQ(mismatch->last_row, static_cast<int64_t>(i));
    EXPECT_THAT(mismatch->what, HasSubstr("was moved"));
    restore();
  }
  swap(kFirstNote, kFirstNote + 1);
  forge_log();
  expect_forged_record(kFirstNote, "swapped notes");
}

TEST_F(Tamper, ARecordUnderAnotherNumberIsNamed) {
  run("UPDATE audit SET sequence = 1000 WHERE sequence = (SELECT max(sequence) FROM audit)");
  const auto mismatch = verify().mismatch;
  ASSERT_TRUE(mismatch);
  EXPECT_EQ(mismatch->table, "audit");
  EXPECT_EQ(mismatch->first_row, static_cast<int64_t>(heads_.size()) - 1);
}

TEST_F(Tamper, ACutTailIsNamedByTheHeadsBeyondIt) {
  const uint64_t records = heads_.size();
  for (uint64_t kept = 1; kept < records; ++kept) {
    SCOPED_TRACE(kept);
    run("DELETE FROM audit WHERE sequence >= " + number(kept));
    // Whose rows were forgotten is seen without heads, if the records had any.
    auto mismatch = verify().mismatch;
    if (mismatch) {
      EXPECT_THAT(mismatch->what, HasSubstr("no commit wrote the row: the log ends before record"));
    }
    for (const TableSpec& table : tables()) {
      run("DELETE FROM " + std::string(table.name) + " WHERE commit_seq >= " + number(kept));
    }
    EXPECT_FALSE(verify().mismatch);
    const audit::NotedHeads last(std::vector<audit::NotedHead>{heads_[kept - 1], heads_.back()});
    mismatch = verify(last).mismatch;
    ASSERT_TRUE(mismatch);
    EXPECT_EQ(mismatch->table, "audit");
    EXPECT_EQ(mismatch->first_row, static_cast<int64_t>(kept));
    EXPECT_EQ(mismatch->last_row, static_cast<int64_t>(records) - 1);
    EXPECT_THAT(mismatch->what, HasSubstr("missing: head " + number(records) + " held"));
    restore();
  }
}

TEST_F(Tamper, ACutTailThatGrewAgainIsNamed) {
  const uint64_t kept = kFirstNote;
  run("DELETE FROM audit WHERE sequence >= " + number(kept));
  for (const TableSpec& table : tables()) {
    run("DELETE FROM " + std::string(table.name) + " WHERE commit_seq >= " + number(kept));
  }
  connection_.reset();
  sample::fill_every_table(directory_);
  const sample::TickingClock clock;
  sample::KeepingLog log;
  for (int i = 0; i < 9; ++i) ActWriter::open(directory_, clock, log).note("report.written", {});
  expect_forged_record(kept, "grown again");
}

TEST_F(Tamper, WhatNamesOneRecordStandsBeforeWhatNamesSeveral) {
  const Row row = last_row(tables()[static_cast<size_t>(Table::hits)]);
  run("UPDATE audit SET record = CAST(substr(record, 1, 12) || x'01' || substr(record, 14) AS "
      "BLOB) "
      "WHERE sequence = 0");
  forge_log();
  run("UPDATE hits SET entry_id = 'x' WHERE id = " + number(row.id));
  const Verification verification = verify(heads_every(heads_.size()));
  ASSERT_TRUE(verification.mismatch);
  EXPECT_EQ(verification.mismatch->table, "hits");
  ASSERT_EQ(verification.further.size(), 1u);
  EXPECT_EQ(verification.further[0].table, "audit");
  EXPECT_EQ(verification.further[0].last_row, static_cast<int64_t>(heads_.size()) - 1);
}

TEST(PlaceText, IsWhereSomebodyLooks) {
  EXPECT_EQ(place_text({"", {}, {}, {}, ""}), "the file");
  EXPECT_EQ(place_text({"items", 11, 20, 5, ""}), "items, rows 11 to 20 (record 5)");
  EXPECT_EQ(place_text({"items", 3, 3, {}, ""}), "items, row 3");
  EXPECT_EQ(place_text({"audit", 4, 4, 4, ""}), "audit, record 4");
  EXPECT_EQ(place_text({"audit", 4, 7, 4, ""}), "audit, records 4 to 7");
}

}  // namespace
}  // namespace safelight::casefile
