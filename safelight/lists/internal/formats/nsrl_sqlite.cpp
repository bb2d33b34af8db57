#include "safelight/lists/internal/formats/nsrl_sqlite.h"

#include <algorithm>
#include <array>
#include <bit>
#include <memory>
#include <optional>
#include <sqlite3.h>
#include <string>
#include <vector>

#include "safelight/base/byte_reader.h"
#include "safelight/lists/internal/formats/columns.h"

namespace safelight::lists {
namespace {

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct FinaliseStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinaliseStatement>;

constexpr int kStepsPerCall = 1'000'000;
constexpr int kMaxColumns = 256;
constexpr int kMaxSchemaObjects = 1'000;
constexpr int kMaxValueBytes = 1 << 20;
constexpr int kMaxSqlBytes = 1 << 20;

enum Column : size_t { kMd5, kSha1, kSha256, kSize, kCategory, kColumns };

/// A table or view with digests, and the names of its columns.
struct DigestTable {
  std::string name;
  bool is_view = false;
  std::array<std::optional<std::string>, kColumns> columns;

  [[nodiscard]] bool has_digest() const {
    return columns[kMd5] || columns[kSha1] || columns[kSha256];
  }
  /// Which one to read where several hold digests. The full RDS has METADATA with one row a file,
  /// of which FILE is a view with one row for each product; the minimal one has FILE, of which
  /// DISTINCT_HASH is a view that sorts everything before it gives its first row.
  [[nodiscard]] int rank() const {
    const std::string plain = plain_name(name);
    if (plain == "metadata" && !is_view) return 0;
    if (plain == "file" && !is_view) return 1;
    if (!is_view) return 2;
    if (plain == "distincthash") return 3;
    if (plain == "file" || plain == "metadata") return 4;
    return 5;
  }
};

std::string sql_identifier(std::string_view identifier) {
  std::string text = "\"";
  for (const char c : identifier) {
    if (c == '"') text += '"';
    text += c;
  }
  return text + '"';
}

Error read_error(int status) {
  switch (status) {
    case SQLITE_NOTADB:
      return Error::at(ErrorCode::malformed, "sqlite.not-a-database", 0);
    case SQLITE_INTERRUPT:
      return {ErrorCode::limit_exceeded, "limits.max_sqlite_steps_per_row"};
    case SQLITE_TOOBIG:
    case SQLITE_NOMEM:
      return {ErrorCode::limit_exceeded, "sqlite.value-length"};
    case SQLITE_IOERR:
      return {ErrorCode::unreadable, "sqlite.read"};
    case SQLITE_CANTOPEN:
      return {ErrorCode::unreadable, "sqlite.open"};
    default:
      return {ErrorCode::malformed, "sqlite.read"};
  }
}

std::string_view text_of(sqlite3_stmt* statement, int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  if (text == nullptr) return {};
  return {text, static_cast<size_t>(sqlite3_column_bytes(statement, column))};
}

class SqliteImport {
 public:
  SqliteImport(const FileSource& file, EntryCollector& collector)
      : file_(file), collector_(collector) {}

  Result<void> run() {
    SAFELIGHT_CHECK(check_length());
    SAFELIGHT_CHECK(open());
    SAFELIGHT_TRY(const DigestTable table, find_table());
    return read(table);
  }

 private:
  /// SQLite reads zeros where a file is cut short, and so half a list. Source: the database header
  /// of sqlite.org/fileformat2.html, section 1.3.
  Result<void> check_length() {
    std::array<std::byte, 100> bytes{};
    SAFELIGHT_TRY(const size_t count, file_.read_at(0, bytes));
    ByteReader header(std::span<const std::byte>(bytes).first(count));
    SAFELIGHT_CHECK(header.seek(16));
    SAFELIGHT_TRY(const uint16_t stated_page_bytes, header.u16_be());
    const uint64_t page_bytes = stated_page_bytes == 1 ? 65'536 : stated_page_bytes;
    if (page_bytes < 512 || !std::has_single_bit(page_bytes)) {
      return Error::at(ErrorCode::malformed, "sqlite.page-size", 16);
    }
    SAFELIGHT_CHECK(header.seek(24));
    SAFELIGHT_TRY(const uint32_t change_counter, header.u32_be());
    SAFELIGHT_TRY(const uint32_t pages, header.u32_be());
    SAFELIGHT_CHECK(header.seek(92));
    SAFELIGHT_TRY(const uint32_t pages_valid_for, header.u32_be());
    const bool pages_are_stated = pages > 0 && change_counter == pages_valid_for;
    if (file_.size_bytes() % page_bytes != 0 ||
        (pages_are_stated && file_.size_bytes() < pages * page_bytes)) {
      return Error::at(ErrorCode::truncated, "sqlite.length", file_.size_bytes());
    }
    return {};
  }

  Result<void> open() {
    // The open descriptor, so that what is read is what was looked at. `immutable` keeps SQLite
    // from making a journal or lock beside evidence.
    const std::string uri =
        "file:/proc/self/fd/" + std::to_string(file_.descriptor()) + "?mode=ro&immutable=1";
    sqlite3* database = nullptr;
    const int status =
        sqlite3_open_v2(uri.c_str(), &database,
                        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_PRIVATECACHE, nullptr);
    database_.reset(database);
    if (status != SQLITE_OK) return read_error(status);
    sqlite3_extended_result_codes(database, 0);
    sqlite3_limit(database, SQLITE_LIMIT_LENGTH, kMaxValueBytes);
    sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, kMaxSqlBytes);
    sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_progress_handler(
        database, kStepsPerCall,
        [](void* self) { return static_cast<SqliteImport*>(self)->count_steps(); }, this);
    SAFELIGHT_TRY(const Statement check, prepare("PRAGMA cell_size_check=ON"));
    sqlite3_step(check.get());
    return {};
  }

  int count_steps() {
    steps_ += kStepsPerCall;
    return steps_ > collector_.options().limits.max_sqlite_steps_per_row ? 1 : 0;
  }

  Result<Statement> prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    const int status = sqlite3_prepare_v2(database_.get(), sql.c_str(),
                                          static_cast<int>(sql.size()), &statement, nullptr);
    Statement owned(statement);
    if (status != SQLITE_OK) return read_error(status);
    return owned;
  }

  /// One more row; false at the end.
  Result<bool> step(const Statement& statement) {
    steps_ = 0;
    const int status = sqlite3_step(statement.get());
    if (status == SQLITE_ROW) return true;
    if (status == SQLITE_DONE) return false;
    return read_error(status);
  }

  Result<DigestTable> find_table() {
    std::vector<DigestTable> tables;
    SAFELIGHT_TRY(const Statement schema,
                  prepare("SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') "
                          "AND name NOT LIKE 'sqlite_%' ORDER BY name"));
    while (true) {
      SAFELIGHT_TRY(const bool more, step(schema));
      if (!more) break;
      if (tables.size() == kMaxSchemaObjects) {
        return Error{ErrorCode::limit_exceeded, "sqlite.tables"};
      }
      DigestTable table;
      table.name = text_of(schema.get(), 0);
      table.is_view = text_of(schema.get(), 1) == "view";
      tables.push_back(std::move(table));
    }
    const DigestTable* best = nullptr;
    for (DigestTable& table : tables) {
      SAFELIGHT_CHECK(find_columns(table));
      if (table.has_digest() && (best == nullptr || table.rank() < best->rank())) best = &table;
    }
    if (best == nullptr) return Error{ErrorCode::unsupported, "sqlite.no-digest-columns"};
    return *best;
  }

  Result<void> find_columns(DigestTable& table) {
    // A view may name what is not there any more: it is passed over, since others may be whole.
    const Result<Statement> info = prepare("PRAGMA table_info(" + sql_identifier(table.name) + ")");
    if (!info) return {};
    for (int count = 0; count < kMaxColumns; ++count) {
      const Result<bool> more = step(*info);
      if (!more || !*more) break;
      const std::string name(text_of(info->get(), 1));
      const std::string plain = plain_name(name);
      const auto is = [&](Column column) {
        if (!table.columns[column]) table.columns[column] = name;
      };
      if (plain == "md5") is(kMd5);
      if (plain == "sha1") is(kSha1);
      if (plain == "sha256") is(kSha256);
      if (plain == "bytes" || plain == "filesize" || plain == "size") is(kSize);
      if (plain == "category") is(kCategory);
    }
    return {};
  }

  Result<void> read(const DigestTable& table) {
    std::string sql = "SELECT ";
    for (size_t i = 0; i < kColumns; ++i) {
      if (i > 0) sql += ", ";
      sql += table.columns[i] ? sql_identifier(*table.columns[i]) : "NULL";
    }
    sql += " FROM " + sql_identifier(table.name);
    collector_.summary().header = table.name;
    // A list that sorts its entries into categories is not the NSRL.
    if (!table.columns[kCategory]) {
      collector_.summary().proposed_disposition = Disposition::ordinary;
    }
    SAFELIGHT_TRY(const Statement rows, prepare(sql));
    const Error place{ErrorCode::malformed, {}};
    uint64_t number = 0;
    while (true) {
      SAFELIGHT_TRY(const bool more, step(rows));
      if (!more) return {};
      ++number;
      collector_.begin(number, number);
      read_digest(rows.get(), kMd5, ValueKind::md5, place);
      read_digest(rows.get(), kSha1, ValueKind::sha1, place);
      read_digest(rows.get(), kSha256, ValueKind::sha256, place);
      collector_.read_size(text_of(rows.get(), kSize), place);
      collector_.read_category(text_of(rows.get(), kCategory), place);
      SAFELIGHT_CHECK(collector_.end(place, "list.row-without-hash"));
    }
  }

  void read_digest(sqlite3_stmt* row, Column column, ValueKind kind, const Error& place) {
    const auto index = static_cast<int>(column);
    if (sqlite3_column_type(row, index) != SQLITE_BLOB) {
      collector_.read_value(kind, text_of(row, index), place);
      return;
    }
    const auto* bytes = static_cast<const uint8_t*>(sqlite3_column_blob(row, index));
    const auto count = static_cast<size_t>(sqlite3_column_bytes(row, index));
    if (bytes == nullptr) return;
    collector_.read_value(kind, to_hex(std::span(bytes, std::min<size_t>(count, 64))), place);
  }

  const FileSource& file_;
  EntryCollector& collector_;
  Database database_;
  uint64_t steps_ = 0;
};

}  // namespace

Result<void> import_nsrl_sqlite(const FileSource& file, EntryCollector& collector) {
  collector.summary().format = ListFormat::nsrl_sqlite;
  return SqliteImport(file, collector).run();
}

}  // namespace safelight::lists
