#include <fcntl.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include "safelight/lists/import.h"
#include "safelight/lists/internal/collecting_sink.h"
#include "safelight/lists/internal/scratch_folder.h"

namespace safelight {
namespace {

using lists::CollectingSink;
using lists::hex_of;
using lists::ScratchFolder;

class ImportNsrl : public testing::Test {
 protected:
  std::filesystem::path database(const std::string& sql) {
    const auto path = folder_.path() / "rds.db";
    std::filesystem::remove(path);
    sqlite3* handle = nullptr;
    EXPECT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << message;
    sqlite3_close(handle);
    return path;
  }

  Result<ImportSummary> import(const std::filesystem::path& path,
                               const ImportOptions& options = {}) {
    sink_.entries.clear();
    SAFELIGHT_TRY(const FileSource file, FileSource::open(AT_FDCWD, path.c_str()));
    return import_list(file, options, sink_);
  }

  ScratchFolder folder_;
  CollectingSink sink_;
};

std::string row(uint64_t i) {
  return "'" + hex_of(i, 64) + "','" + hex_of(i + 100, 40) + "','" + hex_of(i + 200, 32) + "'";
}

TEST_F(ImportNsrl, TheMinimalSetsFileTable) {
  const auto path = database(
      "CREATE TABLE FILE(sha256 TEXT, sha1 TEXT, md5 TEXT, crc32 TEXT, file_name TEXT, "
      "file_size INTEGER, package_id INTEGER);"
      "CREATE VIEW DISTINCT_HASH AS SELECT DISTINCT sha256, sha1, md5 FROM FILE;"
      "CREATE TABLE PKG(package_id INTEGER, name TEXT);"
      "INSERT INTO FILE VALUES(" +
      row(1) + ",'c','a.dll',12,1),(" + row(2) + ",'c','b.dll',NULL,1);");
  const auto summary = import(path);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->format, ListFormat::nsrl_sqlite);
  EXPECT_EQ(summary->header, "FILE");
  EXPECT_EQ(summary->proposed_disposition, Disposition::ordinary);
  ASSERT_EQ(sink_.entries.size(), 2u);
  EXPECT_EQ(to_hex(*sink_.entries[0].sha256), hex_of(1, 64));
  EXPECT_EQ(sink_.entries[0].size_bytes, 12u);
  EXPECT_FALSE(sink_.entries[1].size_bytes);
  EXPECT_FALSE(std::filesystem::exists(path.string() + "-journal"));
  EXPECT_FALSE(std::filesystem::exists(path.string() + "-wal"));
}

TEST_F(ImportNsrl, TheFullSetsMetadataBeforeItsViews) {
  const auto path = database(
      "CREATE TABLE METADATA(object_id INTEGER, md5 TEXT, sha1 TEXT, sha256 TEXT, bytes INTEGER);"
      "CREATE VIEW FILE AS SELECT sha256, sha1, md5 FROM METADATA, METADATA AS twice;"
      "INSERT INTO METADATA(sha256, sha1, md5) VALUES(" +
      row(1) + ");");
  const auto summary = import(path);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->header, "METADATA");
  EXPECT_EQ(sink_.entries.size(), 1u);
}

TEST_F(ImportNsrl, AViewAloneAndDigestsAsBytesAreRead) {
  ASSERT_TRUE(import(database("CREATE TABLE raw(a, b); INSERT INTO raw VALUES(x'" + hex_of(5, 32) +
                              "', 'x');"
                              "CREATE VIEW DISTINCT_HASH AS SELECT a AS md5 FROM raw;"
                              "CREATE VIEW broken AS SELECT sha1 FROM nowhere;")));
  ASSERT_EQ(sink_.entries.size(), 1u);
  EXPECT_EQ(to_hex(*sink_.entries[0].md5), hex_of(5, 32));
}

TEST_F(ImportNsrl, BadRowsAreRefusedByTheirNumber) {
  const auto summary = import(database("CREATE TABLE FILE(md5 TEXT); INSERT INTO FILE VALUES('" +
                                       hex_of(1, 32) + "'),('short'),(NULL);"));
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->entries, 1u);
  ASSERT_EQ(summary->refusals.size(), 2u);
  EXPECT_EQ(summary->refusals[0], (Refusal{2, Error{ErrorCode::malformed, "list.md5"}}));
  EXPECT_EQ(summary->refusals[1],
            (Refusal{3, Error{ErrorCode::malformed, "list.row-without-hash"}}));
}

TEST_F(ImportNsrl, ADatabaseWithoutDigestsIsNoList) {
  const auto summary = import(database("CREATE TABLE things(a, b);"));
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().rule, "sqlite.no-digest-columns");
}

TEST_F(ImportNsrl, ADatabaseThatMayBeReadAndNotOpenedAnewHasARuleOfItsOwn) {
  const auto path = database("CREATE TABLE FILE(md5 TEXT);");
  const auto file = FileSource::open(AT_FDCWD, path.c_str());
  ASSERT_TRUE(file);
  // Once before: Clang's sanitizer wants descriptors when it meets a type for the first time.
  ASSERT_TRUE(import_list(*file, {}, sink_));
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  const rlimit no_more = {0, limit.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &no_more), 0);
  const auto summary = import_list(*file, {}, sink_);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error(), (Error{ErrorCode::unreadable, "sqlite.open"}));
}

TEST_F(ImportNsrl, AViewWithoutEndIsStopped) {
  ImportOptions options;
  options.limits.max_sqlite_steps_per_row = 5'000'000;
  const auto summary = import(
      database("CREATE VIEW FILE AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) "
               "SELECT max(i) AS md5 FROM n;"),
      options);
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, ErrorCode::limit_exceeded);
}

TEST_F(ImportNsrl, EveryTruncationIsAnErrorAndNeverHalfAList) {
  std::string sql = "PRAGMA page_size=512; CREATE TABLE FILE(sha256 TEXT, sha1 TEXT, md5 TEXT);";
  for (uint64_t i = 0; i < 12; ++i) sql += "INSERT INTO FILE VALUES(" + row(i) + ");";
  const std::string whole = ScratchFolder::read(database(sql));
  ASSERT_GT(whole.size(), 2'048u);
  for (size_t length = 16; length < whole.size(); ++length) {
    const auto path = folder_.write("cut.db", whole.substr(0, length));
    const auto summary = import(path);
    ASSERT_FALSE(summary) << length;
    EXPECT_EQ(summary.error().code, ErrorCode::truncated) << length;
  }
}

}  // namespace
}  // namespace safelight
