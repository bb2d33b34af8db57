#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/database/connection.h"

namespace safelight::casefile {

/// "SLcf", in the database header: this SQLite file is a case.
inline constexpr int32_t kApplicationId = 0x534c6366;
/// The schema that this version writes, in the database header as user_version.
inline constexpr int kSchemaVersion = 3;

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
  hit_records,
  item_groups,
  group_members,
  reviews,
  triages,
  acts,
  act_items,
  exposures,
  settings,
};
inline constexpr size_t kTables = 21;

struct TableSpec {
  std::string_view name;
  std::string_view columns;  ///< All of them in the order of the canonical encoding.
  std::string_view create;   ///< The statement that makes it, as the database keeps it.
};

/// All tables, by Table. A version has the tables of the one before and further ones behind them,
/// and never other columns, so that rows written before stay verifiable.
std::span<const TableSpec, kTables> tables();

/// The tables that a case of `version` (1 to kSchemaVersion) has: the first ones of tables().
std::span<const TableSpec> tables_of(int version);

/// Makes the tables and indexes that a case of version `from` lacks, all of them for 0, and sets
/// its version, within a transaction of the caller's.
void create_schema(database::Connection& connection, int from);

/// "" if the database has the schema of its version, table by table and index by index, and nothing
/// else; otherwise one sentence that says what differs.
std::string schema_difference(database::Connection& connection);

/// The version of the case. Throws Fault unless this is a complete, well-formed case of a version
/// that we know.
int require_schema(database::Connection& connection, const std::string& file);

}  // namespace safelight::casefile
