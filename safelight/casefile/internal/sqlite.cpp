#include "safelight/casefile/internal/sqlite.h"

#include <cerrno>
#include <cstring>

#include "safelight/base/fault.h"

namespace safelight::casefile {
namespace {

constexpr int kBusyTimeoutMs = 10'000;

/// `path` as the path of a file: URI, so that no byte of it is taken for anything else.
std::string uri_of(const std::string& path, std::string_view query) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string uri = "file:";
  for (const char c : path) {
    const auto byte = static_cast<uint8_t>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '/' || c == '.' || c == '-' || c == '_';
    if (plain) {
      uri += c;
    } else {
      uri += '%';
      uri += kDigits[byte >> 4];
      uri += kDigits[byte & 15];
    }
  }
  uri += query;
  return uri;
}

bool means_full(int status, int system_errno) {
  if ((status & 0xff) == SQLITE_FULL) return true;
  return (status & 0xff) == SQLITE_IOERR &&
         (system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG);
}

}  // namespace

Connection Connection::open(const std::string& file, Access access) {
  Connection connection(file);
  const int flags = (access == Access::write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) |
                    SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const std::string uri = uri_of(file, access == Access::read_immutable ? "?immutable=1" : "");
  sqlite3* database = nullptr;
  const int status = sqlite3_open_v2(uri.c_str(), &database, flags, nullptr);
  connection.database_.reset(database);
  connection.require(status, "open");
  sqlite3_busy_timeout(database, kBusyTimeoutMs);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  connection.execute("PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0");
  if (access == Access::write) {
    connection.execute(
        "PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL; PRAGMA cache_size=-32768;"
        "PRAGMA wal_autocheckpoint=8192; PRAGMA journal_size_limit=67108864");
  }
  return connection;
}

void Connection::execute(const std::string& sql) {
  require(sqlite3_exec(database(), sql.c_str(), nullptr, nullptr, nullptr), "write");
}

int64_t Connection::integer(std::string_view sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.integer(0) : 0;
}

void Connection::require(int status, std::string_view action) const {
  if (status == SQLITE_OK || status == SQLITE_ROW || status == SQLITE_DONE) return;
  // SQLite forgets its own copy when the failed statement is reset; errno still holds the cause.
  const int kept_errno = errno;
  const int own_errno = database_ ? sqlite3_system_errno(database()) : 0;
  const int system_errno = own_errno != 0 ? own_errno : kept_errno;
  const std::string where = "case file " + file_;
  if (means_full(status, system_errno)) {
    throw Fault(where + ": no space is left; the case is intact as of the last commit");
  }
  const std::string detail = database_ ? sqlite3_errmsg(database()) : sqlite3_errstr(status);
  switch (status & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      throw Fault(where + " is damaged: " + detail);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Fault(where + " is in use by another program");
    default: {
      std::string text = "cannot " + std::string(action) + " " + where + ": " + detail;
      if ((status & 0xff) == SQLITE_IOERR && system_errno != 0)
        text += std::string(" (") + std::strerror(system_errno) + ")";
      throw Fault(text);
    }
  }
}

Statement::Statement(const Connection& connection, std::string_view sql) : connection_(connection) {
  sqlite3_stmt* statement = nullptr;
  const int status =
      sqlite3_prepare_v3(connection.database(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  connection.require(status, "read");
  statement_.reset(statement);
}

Statement& Statement::bind_null(int parameter) {
  connection_.require(sqlite3_bind_null(statement_.get(), parameter + 1), "write");
  return *this;
}

Statement& Statement::bind(int parameter, int64_t value) {
  connection_.require(sqlite3_bind_int64(statement_.get(), parameter + 1, value), "write");
  return *this;
}

Statement& Statement::bind_text(int parameter, std::string_view text) {
  // An empty view may have no address, which SQLite would take for NULL.
  const char* const data = text.empty() ? "" : text.data();
  connection_.require(sqlite3_bind_text64(statement_.get(), parameter + 1, data, text.size(),
                                          SQLITE_TRANSIENT, SQLITE_UTF8),
                      "write");
  return *this;
}

Statement& Statement::bind_blob(int parameter, std::span<const std::byte> blob) {
  const void* const data = blob.empty() ? static_cast<const void*>("") : blob.data();
  connection_.require(
      sqlite3_bind_blob64(statement_.get(), parameter + 1, data, blob.size(), SQLITE_TRANSIENT),
      "write");
  return *this;
}

bool Statement::step() {
  const int status = sqlite3_step(statement_.get());
  if (status == SQLITE_ROW) return true;
  sqlite3_reset(statement_.get());
  connection_.require(status, "use");
  return false;
}

std::string_view Statement::text(int column) const {
  const auto* const data = sqlite3_column_text(statement_.get(), column);
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column));
  return data == nullptr ? std::string_view()
                         : std::string_view(reinterpret_cast<const char*>(data), size);
}

std::span<const std::byte> Statement::blob(int column) const {
  const void* const data = sqlite3_column_blob(statement_.get(), column);
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column));
  return data == nullptr ? std::span<const std::byte>()
                         : std::span(static_cast<const std::byte*>(data), size);
}

ReadTransaction::ReadTransaction(Connection& connection)
    : connection_(connection.in_transaction() ? nullptr : &connection) {
  if (connection_ != nullptr) connection_->execute("BEGIN");
}

ReadTransaction::~ReadTransaction() {
  // Nothing was written: a failure to end it loses nothing.
  if (connection_ != nullptr) {
    sqlite3_exec(connection_->database(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

}  // namespace safelight::casefile
