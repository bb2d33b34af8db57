#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <sqlite3.h>
#include <string>
#include <string_view>

namespace safelight::casefile {

/// One connection with a case's database. Throws Fault for every failure, naming the file.
class Connection {
 public:
  enum class Access {
    read,
    read_immutable,  ///< On a medium that nobody can write to.
    write,
  };

  /// Opens the database `file` and sets what every connection needs: no trust in the schema,
  /// nothing temporary on disk, foreign keys.
  static Connection open(const std::string& file, Access access);

  /// Runs statements that give no rows.
  void execute(const std::string& sql);
  /// The first column of the first row of `sql`, as an integer.
  int64_t integer(std::string_view sql);

  [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(database()) == 0; }
  [[nodiscard]] sqlite3* database() const { return database_.get(); }
  /// Throws the Fault that says what `status` means, if it is an error.
  void require(int status, std::string_view action) const;

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  explicit Connection(std::string file) : file_(std::move(file)) {}

  std::string file_;
  std::unique_ptr<sqlite3, Close> database_;
};

/// A prepared statement. Parameters and columns are counted from 0. Views that it gives hold until
/// the next step() or reset(). The connection outlives it and does not move.
class Statement {
 public:
  Statement(const Connection& connection, std::string_view sql);

  Statement& bind_null(int parameter);
  Statement& bind(int parameter, int64_t value);
  Statement& bind_text(int parameter, std::string_view text);
  Statement& bind_blob(int parameter, std::span<const std::byte> blob);

  /// Whether there is a row, which columns then give; after the last row the statement is reset.
  bool step();
  void reset() { sqlite3_reset(statement_.get()); }

  [[nodiscard]] int columns() const { return sqlite3_column_count(statement_.get()); }
  [[nodiscard]] int type(int column) const { return sqlite3_column_type(statement_.get(), column); }
  [[nodiscard]] bool is_null(int column) const { return type(column) == SQLITE_NULL; }
  [[nodiscard]] int64_t integer(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
  }
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::span<const std::byte> blob(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  const Connection& connection_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// Makes what is read until its end one state of the case. Does nothing inside another.
class ReadTransaction {
 public:
  explicit ReadTransaction(Connection& connection);
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;
  ~ReadTransaction();

 private:
  Connection* connection_;
};

}  // namespace safelight::casefile
