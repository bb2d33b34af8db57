#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/casefile/internal/sqlite.h"

namespace safelight::casefile {

/// "SLcf", in the database header: this SQLite file is a case.
inline constexpr int32_t kApplicationId = 0x534c6366;
/// The schema that this version writes, in the database header as user_version.
inline constexpr int kSchemaVersion = 1;

/// The tables whose rows the audit log vouches for, in the order in which rows refer to each other.
enum class Table : uint8_t {
  meta,
  sources,
  runs,
  list_uses,
  contents,
  examinations,
  members,
  fingerprints,
  content_findings,
  items,
  item_findings,
  hits,
};
inline constexpr size_t kTables = 12;

struct TableSpec {
  std::string_view name;
  std::string_view columns;  ///< All of them in the order of the canonical encoding.
  std::string_view create;   ///< The statement that makes it, as the database keeps it.
};

/// The tables of version 1, by Table. Every commit names the version whose columns its rows had, so
/// that rows written before a later version stay verifiable.
std::span<const TableSpec, kTables> tables();

/// Makes tables and indexes, within a transaction of the caller's.
void create_schema(Connection& connection);

/// "" if the database has the schema of its version, table by table and index by index, and nothing
/// else; otherwise one sentence that says what differs.
std::string schema_difference(Connection& connection);

/// Throws Fault unless this is a complete, well-formed case of a version that we know.
void require_schema(Connection& connection, const std::string& file);

}  // namespace safelight::casefile
