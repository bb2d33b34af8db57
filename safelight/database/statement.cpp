#include "safelight/database/statement.h"

#include <sqlite3.h>

namespace safelight::database {

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(const Connection& connection, std::string_view sql) : connection_(connection) {
  sqlite3_stmt* statement = nullptr;
  const int status =
      sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()),
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

void Statement::reset() { sqlite3_reset(statement_.get()); }

int Statement::columns() const { return sqlite3_column_count(statement_.get()); }

ValueType Statement::type(int column) const {
  switch (sqlite3_column_type(statement_.get(), column)) {
    case SQLITE_INTEGER:
      return ValueType::integer;
    case SQLITE_FLOAT:
      return ValueType::real;
    case SQLITE_TEXT:
      return ValueType::text;
    case SQLITE_BLOB:
      return ValueType::blob;
    default:
      return ValueType::null;
  }
}

int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
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

}  // namespace safelight::database
