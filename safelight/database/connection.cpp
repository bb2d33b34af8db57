#include "safelight/database/connection.h"

#include <cerrno>
#include <cstring>
#include <sqlite3.h>

#include "safelight/base/fault.h"
#include "safelight/database/statement.h"

namespace safelight::database {
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

void Connection::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

void Connection::open_uri(const std::string& uri, int flags) {
  sqlite3* database = nullptr;
  const int status = sqlite3_open_v2(
      uri.c_str(), &database, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      nullptr);
  database_.reset(database);
  require(status, "open");
  sqlite3_busy_timeout(database, kBusyTimeoutMs);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  execute("PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0");
}

Connection Connection::open(std::string_view what, const std::string& file, Access access) {
  Connection connection(what, file);
  connection.open_uri(uri_of(file, access == Access::read_immutable ? "?immutable=1" : ""),
                      access == Access::write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
  if (access == Access::write) {
    connection.execute(
        "PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL; PRAGMA cache_size=-32768;"
        "PRAGMA wal_autocheckpoint=8192; PRAGMA journal_size_limit=67108864");
  }
  return connection;
}

Connection Connection::in_memory(std::string_view what) {
  Connection connection(what, ":memory:");
  connection.open_uri(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  connection.execute("PRAGMA foreign_keys=ON");
  return connection;
}

void Connection::execute(const std::string& sql) {
  require(sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr), "write");
}

int64_t Connection::integer(std::string_view sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.integer(0) : 0;
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(handle()) == 0; }

void Connection::roll_back() noexcept {
  // SQLite has rolled back by itself after some errors; then this one says so, and no more.
  sqlite3_exec(handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Connection::checkpoint() noexcept {
  // While it waited for a reader nobody could write.
  sqlite3_busy_timeout(handle(), 0);
  sqlite3_wal_checkpoint_v2(handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_timeout(handle(), kBusyTimeoutMs);
}

int64_t Connection::changed_rows() const { return sqlite3_changes64(handle()); }
int64_t Connection::last_row() const { return sqlite3_last_insert_rowid(handle()); }

void Connection::require(int status, std::string_view action) const {
  if (status == SQLITE_OK || status == SQLITE_ROW || status == SQLITE_DONE) return;
  // SQLite forgets its own copy when the failed statement is reset; errno still holds the cause.
  const int kept_errno = errno;
  const int own_errno = database_ ? sqlite3_system_errno(handle()) : 0;
  const int system_errno = own_errno != 0 ? own_errno : kept_errno;
  const std::string where = name();
  if (means_full(status, system_errno)) {
    throw Fault(where + ": no space is left; the " + what_ + " is intact as of the last commit");
  }
  const std::string detail = database_ ? sqlite3_errmsg(handle()) : sqlite3_errstr(status);
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

}  // namespace safelight::database
