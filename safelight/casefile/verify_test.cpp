#include "safelight/casefile/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "safelight/base/fault.h"
#include "safelight/casefile/internal/place.h"
#include "safelight/casefile/internal/sample_case.h"
#include "safelight/casefile/internal/schema.h"
#include "safelight/casefile/reader.h"

namespace safelight::casefile {
namespace {

using testing::HasSubstr;

/// A case, and what somebody with another program does to it.
class Tampering : public testing::Test {
 protected:
  Tampering() { sample::make_case(directory_, 40); }

  void run(const std::string& sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((directory_ / kDatabaseName).c_str(), &database), SQLITE_OK);
    sqlite3_exec(database, "PRAGMA synchronous=OFF", nullptr, nullptr, nullptr);
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK)
        << sql << ": " << (message == nullptr ? "" : message);
    sqlite3_free(message);
    sqlite3_close(database);
  }

  /// The mismatch after `sql`; the case is made anew for the next one.
  Mismatch after(const std::string& sql) {
    run(sql);
    const auto mismatch = verify_case(directory_, {}).mismatch;
    std::filesystem::remove_all(directory_);
    sample::make_case(directory_, 40);
    EXPECT_TRUE(mismatch) << sql << " was not noticed";
    return mismatch.value_or(Mismatch{});
  }

  sample::Folder folder_;
  std::filesystem::path directory_ = folder_ / "case";
};

TEST_F(Tampering, AnUntouchedCaseVerifies) {
  const auto head = Reader::open(directory_).head();
  const Verification verification = verify_case(directory_, head);
  ASSERT_FALSE(verification.mismatch) << verification.mismatch->what;
  EXPECT_EQ(verification.head, head);
  EXPECT_EQ(verification.records, 9u);
  EXPECT_EQ(verification.rows, 147u);
  EXPECT_EQ(verification.runs, 1u);
  EXPECT_EQ(verification.resumptions, 0u);
}

TEST_F(Tampering, EveryColumnOfEveryTableIsVouchedFor) {
  sample::fill_every_table(directory_);
  const auto database = directory_ / kDatabaseName;
  const auto untouched = folder_ / "untouched.db";
  std::filesystem::copy_file(database, untouched);
  size_t columns_changed = 0;
  for (const TableSpec& table : tables()) {
    const std::string name(table.name);
    const std::string columns(table.columns);
    for (size_t begin = 0; begin < columns.size();) {
      const size_t end = std::min(columns.find(", ", begin), columns.size());
      const std::string column = columns.substr(begin, end - begin);
      begin = end + 2;
      // The smallest change that keeps the column's type; where NULL stood, a value is put.
      run("UPDATE " + name + " SET " + column + " = CASE typeof(" + column +
          ") WHEN 'integer' THEN " + column + " + 1 WHEN 'text' THEN " + column +
          " || 'x' WHEN 'blob' THEN zeroblob(length(" + column +
          ") + 1) ELSE (SELECT CASE type WHEN 'TEXT' THEN 'x' WHEN 'BLOB' THEN x'00' ELSE 1 END "
          "FROM pragma_table_info('" +
          name + "') WHERE name = '" + column + "') END WHERE id = (SELECT max(id) FROM " + name +
          ")");
      const auto mismatch = verify_case(directory_, {}).mismatch;
      ASSERT_TRUE(mismatch) << name << "." << column;
      // A changed id may show first in a row of another table that refers to it.
      if (!column.ends_with("id")) {
        EXPECT_EQ(mismatch->table, name) << column;
      }
      ++columns_changed;
      for (const char* suffix : {"-wal", "-shm"}) {
        std::filesystem::remove(database.string() + suffix);
      }
      std::filesystem::copy_file(untouched, database,
                                 std::filesystem::copy_options::overwrite_existing);
    }
  }
  EXPECT_EQ(columns_changed, 176u);
  EXPECT_FALSE(verify_case(directory_, {}).mismatch);
}

TEST_F(Tampering, AnEditedRowIsNamedByTableRowsAndCommit) {
  const Mismatch found = after("UPDATE items SET coverage = 'none' WHERE id = 15");
  EXPECT_EQ(found.table, "items");
  EXPECT_EQ(found.first_row, 11);
  EXPECT_EQ(found.last_row, 20);
  EXPECT_EQ(found.commit, 5u);
}

TEST_F(Tampering, ADeletedRowIsNamed) {
  Mismatch found = after("DELETE FROM hits WHERE id = 2");
  EXPECT_EQ(found.table, "hits");
  EXPECT_EQ(found.first_row, 2);
  EXPECT_THAT(found.what, HasSubstr("missing"));
  found = after("DELETE FROM hits WHERE id = (SELECT max(id) FROM hits)");
  EXPECT_EQ(found.table, "hits");
  found = after("DELETE FROM fingerprints");
  EXPECT_EQ(found.table, "fingerprints");
  EXPECT_EQ(found.first_row, 1);
}

TEST_F(Tampering, AnAddedRowIsNamed) {
  Mismatch found = after(
      "INSERT INTO hits SELECT max(id) + 1, commit_seq, content_id, list_use_id, 'e', '1', "
      "'ordinary', 'md5', 0, 0, 'reference', 'added' FROM hits");
  EXPECT_EQ(found.table, "hits");
  EXPECT_THAT(found.what, HasSubstr("no commit wrote"));
  found = after("INSERT INTO meta VALUES(0, 0, 'examiner', 'x')");
  EXPECT_EQ(found.table, "meta");
}

TEST_F(Tampering, SwappedRowsAreNamed) {
  const Mismatch found = after(
      "UPDATE fingerprints SET id = -1 WHERE id = 1; UPDATE fingerprints SET id = 1 WHERE id = 3;"
      "UPDATE fingerprints SET id = 3 WHERE id = -1");
  EXPECT_EQ(found.table, "fingerprints");
}

TEST_F(Tampering, ARowThatLeadsNowhereIsNamed) {
  const Mismatch found =
      after("PRAGMA foreign_keys=OFF; UPDATE items SET content_id = 999 WHERE id = 3");
  EXPECT_EQ(found.table, "items");
  EXPECT_EQ(found.first_row, 3);
}

TEST_F(Tampering, EveryEditOfTheAuditLogIsNoticed) {
  for (int sequence = 0; sequence < 8; ++sequence) {
    const Mismatch edited = after(
        "UPDATE audit SET record = CAST(substr(record, 1, 12) || x'01' || "
        "substr(record, 14) AS BLOB) WHERE sequence = " +
        std::to_string(sequence));
    EXPECT_EQ(edited.table, "audit");
    EXPECT_EQ(edited.commit, static_cast<uint64_t>(sequence));
    const Mismatch deleted =
        after("DELETE FROM audit WHERE sequence = " + std::to_string(sequence));
    EXPECT_EQ(deleted.table, "audit");
    EXPECT_EQ(deleted.commit, static_cast<uint64_t>(sequence));
  }
  const Mismatch swapped = after(
      "UPDATE audit SET sequence = -1 WHERE sequence = 4; UPDATE audit SET sequence = 4 WHERE "
      "sequence = 5; UPDATE audit SET sequence = 5 WHERE sequence = -1");
  EXPECT_EQ(swapped.table, "audit");
  EXPECT_EQ(after("DELETE FROM audit").table, "meta");
}

TEST_F(Tampering, ACommitCutOffWithAllItsRowsShowsOnlyAgainstANotedHead) {
  const auto noted = Reader::open(directory_).head();
  std::string cut = "PRAGMA foreign_keys=OFF; DELETE FROM audit WHERE sequence >= 7;";
  for (const TableSpec& table : tables()) {
    cut += "DELETE FROM " + std::string(table.name) + " WHERE commit_seq >= 7;";
  }
  run(cut);
  EXPECT_FALSE(verify_case(directory_, {}).mismatch);
  const auto mismatch = verify_case(directory_, noted).mismatch;
  ASSERT_TRUE(mismatch);
  EXPECT_THAT(mismatch->what, HasSubstr("records 7 to 8 are missing: the noted head held 9"));
}

TEST_F(Tampering, AnotherPastIsNoticedAgainstANotedHead) {
  audit::TreeHead noted = Reader::open(directory_).head();
  noted.root.bytes[0] ^= 1;
  EXPECT_EQ(verify_case(directory_, noted).mismatch->table, "audit");
}

TEST_F(Tampering, AChangedSchemaIsNoticed) {
  EXPECT_THAT(after("CREATE TABLE more(x)").what, HasSubstr("\"more\""));
  EXPECT_THAT(after("DROP INDEX hits_by_content").what, HasSubstr("missing"));
  EXPECT_THAT(after("CREATE TRIGGER t AFTER INSERT ON items BEGIN DELETE FROM hits; END").what,
              HasSubstr("\"t\""));
}

TEST_F(Tampering, AnIndexThatHidesARowIsNoticed) {
  // The rows stay as they were: only what finds them is changed.
  const Mismatch found = after(
      "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = 'CREATE INDEX hits_by_content ON "
      "hits(content_id) WHERE id > 3' WHERE name = 'hits_by_content'; PRAGMA writable_schema=RESET;"
      "REINDEX; PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = 'CREATE INDEX "
      "hits_by_content ON hits(content_id)' WHERE name = 'hits_by_content'");
  EXPECT_THAT(found.what, HasSubstr("damaged"));
}

TEST(VerifyCase, IsAFaultWhereThereIsNoCase) {
  const sample::Folder folder;
  EXPECT_THROW(verify_case(folder.path(), {}), Fault);
}

}  // namespace
}  // namespace safelight::casefile
