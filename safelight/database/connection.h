#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;

namespace safelight::database {

/// One connection with a SQLite database, for one thread at a time. Throws Fault for every failure,
/// naming the file.
class Connection {
 public:
  enum class Access {
    read,
    read_immutable,  ///< On a medium that nobody can write to.
    write,
  };

  /// Opens the database `file` and sets what every connection needs: no trust in the schema,
  /// nothing temporary on disk, foreign keys. `what` says in faults what the file is of: "case".
  static Connection open(std::string_view what, const std::string& file, Access access);
  /// A new, empty database in memory, gone with the connection.
  static Connection in_memory(std::string_view what);

  /// Runs statements that give no rows.
  void execute(const std::string& sql);
  /// The first column of the first row of `sql`, as an integer.
  int64_t integer(std::string_view sql);

  [[nodiscard]] bool in_transaction() const;
  /// Ends a transaction, if there is one, with nothing of it done.
  void roll_back() noexcept;
  /// Moves what is in the write-ahead log into the database as far as others let it now.
  void checkpoint() noexcept;
  /// How many rows the last statement inserted, changed or deleted.
  [[nodiscard]] int64_t changed_rows() const;
  /// The number of the row that was last inserted.
  [[nodiscard]] int64_t last_row() const;

  /// "case file /cases/1/case.db", as faults name it.
  [[nodiscard]] std::string name() const { return what_ + " file " + file_; }
  [[nodiscard]] sqlite3* handle() const { return database_.get(); }
  /// Throws the Fault that says what `status` means, if it is an error.
  void require(int status, std::string_view action) const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  Connection(std::string_view what, std::string file) : what_(what), file_(std::move(file)) {}
  void open_uri(const std::string& uri, int flags);

  std::string what_;
  std::string file_;
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace safelight::database
