#include "safelight/database/connection.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <string>

#include "safelight/base/fault.h"
#include "safelight/database/schema.h"
#include "safelight/database/statement.h"
#include "safelight/database/transaction.h"

namespace safelight::database {
namespace {

constexpr std::string_view kTable = "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT) STRICT";

Connection with_table() {
  Connection connection = Connection::in_memory("sample");
  connection.execute(std::string(kTable));
  return connection;
}

TEST(Connection, NamesTheFileInItsFaults) {
  const auto open = [] {
    return Connection::open("sample", "/no/such/file.db", Connection::Access::read);
  };
  try {
    open();
    ADD_FAILURE() << "opened what is not there";
  } catch (const Fault& fault) {
    EXPECT_THAT(fault.what(), testing::HasSubstr("cannot open sample file /no/such/file.db"));
  }
}

TEST(Connection, CountsChangedRowsAndNumbersTheLastOne) {
  Connection connection = with_table();
  Statement insert(connection, "INSERT INTO t(v) VALUES(?)");
  insert.bind_text(0, "a").step();
  insert.bind_text(0, "b").step();
  EXPECT_EQ(connection.last_row(), 2);
  connection.execute("UPDATE t SET v = 'c'");
  EXPECT_EQ(connection.changed_rows(), 2);
}

TEST(Connection, MovesItsLogAsFarAsOthersLetItAndWaitsForNone) {
  std::string folder = testing::TempDir() + "safelight_connection_XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::string file = folder + "/sample.db";
  std::ofstream(file).close();
  Connection writes = Connection::open("sample", file, Connection::Access::write);
  writes.execute("PRAGMA journal_mode=WAL");
  writes.execute(std::string(kTable));
  Connection reads = Connection::open("sample", file, Connection::Access::read);
  std::optional<ReadTransaction> snapshot(std::in_place, reads);
  EXPECT_EQ(reads.integer("SELECT count(*) FROM t"), 0);
  writes.execute("INSERT INTO t VALUES(1, 'a')");
  const auto moved = std::async(std::launch::async, [&] { writes.checkpoint(); });
  // Far less than it waited, with everybody who wanted to write behind it.
  EXPECT_EQ(moved.wait_for(std::chrono::seconds(5)), std::future_status::ready);
  moved.wait();
  EXPECT_GT(std::filesystem::file_size(file + "-wal"), 0U) << "the reader needs it";
  snapshot.reset();
  writes.checkpoint();
  EXPECT_EQ(std::filesystem::file_size(file + "-wal"), 0U);
  std::filesystem::remove_all(folder);
}

TEST(WriteTransaction, IsDoneOnceItCommits) {
  Connection connection = with_table();
  {
    WriteTransaction transaction(connection);
    connection.execute("INSERT INTO t VALUES(1, 'a')");
    transaction.commit();
  }
  EXPECT_EQ(connection.integer("SELECT count(*) FROM t"), 1);
  EXPECT_FALSE(connection.in_transaction());
}

TEST(WriteTransaction, LeavesNothingWhereItDoesNotCommit) {
  Connection connection = with_table();
  {
    WriteTransaction transaction(connection);
    connection.execute("INSERT INTO t VALUES(1, 'a')");
  }
  EXPECT_EQ(connection.integer("SELECT count(*) FROM t"), 0);
  EXPECT_FALSE(connection.in_transaction());
}

TEST(Schema, SaysWhatDiffers) {
  Connection connection = with_table();
  const Schema good = {{"t", std::string(kTable)}};
  EXPECT_EQ(schema_difference(connection, good), "");
  EXPECT_EQ(schema_difference(connection, {{"t", "CREATE TABLE t(id INTEGER)"}}),
            "\"t\" is not defined as it should be");
  EXPECT_EQ(schema_difference(connection, {{"t", std::string(kTable)}, {"u", "CREATE TABLE u"}}),
            "\"u\" is missing");
  EXPECT_EQ(schema_difference(connection, {}), "there is a table, index or view \"t\" too many");
}

}  // namespace
}  // namespace safelight::database
