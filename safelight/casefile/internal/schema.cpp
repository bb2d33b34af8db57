#include "safelight/casefile/internal/schema.h"

#include <algorithm>
#include <array>
#include <utility>

#include "safelight/base/fault.h"
#include "safelight/database/schema.h"
#include "safelight/database/statement.h"

namespace safelight::casefile {

using database::Connection;

namespace {

constexpr std::string_view kCreateAudit =
    "CREATE TABLE audit(sequence INTEGER PRIMARY KEY, record BLOB NOT NULL) STRICT";

constexpr std::array<TableSpec, kTables> kTableSpecs = {{
    {"meta", "id, commit_seq, key, value",
     "CREATE TABLE meta(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, key TEXT NOT NULL, "
     "value TEXT NOT NULL) STRICT"},
    {"sources", "id, commit_seq, source_id, kind, given_path, file_system_id, inode",
     "CREATE TABLE sources(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, "
     "source_id TEXT NOT NULL, kind TEXT NOT NULL, given_path BLOB NOT NULL, "
     "file_system_id TEXT NOT NULL, inode INTEGER NOT NULL) STRICT"},
    {"runs",
     "id, commit_seq, run, event, time_ns, resumes, command, options, tool_version, outcome",
     "CREATE TABLE runs(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, "
     "run INTEGER NOT NULL, event TEXT NOT NULL, time_ns INTEGER NOT NULL, resumes INTEGER, "
     "command TEXT NOT NULL, options TEXT NOT NULL, tool_version TEXT NOT NULL, "
     "outcome TEXT NOT NULL) STRICT"},
    {"list_uses", "id, commit_seq, name, list_content_id, mapping, entries",
     "CREATE TABLE list_uses(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, "
     "name TEXT NOT NULL, list_content_id TEXT NOT NULL, mapping TEXT NOT NULL, "
     "entries INTEGER NOT NULL) STRICT"},
    {"contents", "id, commit_seq, key, is_file, size_bytes, sha1, md5",
     "CREATE TABLE contents(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, "
     "key BLOB NOT NULL, is_file INTEGER NOT NULL, size_bytes INTEGER, sha1 BLOB, "
     "md5 BLOB) STRICT"},
    {"examinations",
     "id, commit_seq, content_id, format, media_type, width, height, modes, coverage, error_code, "
     "error_rule, error_offset, error_offset_kind",
     "CREATE TABLE examinations(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, "
     "content_id INTEGER NOT NULL REFERENCES contents(id), format TEXT NOT NULL, "
     "media_type TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, "
     "modes INTEGER NOT NULL, coverage TEXT NOT NULL, error_code TEXT, error_rule TEXT, "
     "error_offset INTEGER, error_offset_kind INTEGER) STRICT"},
    {"members",
     "id, commit_seq, examination_id, step_kind, ordinal, offset_bytes, name, content_id",
     "CREATE TABLE members(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, "
     "examination_id INTEGER NOT NULL REFERENCES examinations(id), step_kind INTEGER NOT NULL, "
     "ordinal INTEGER NOT NULL, offset_bytes INTEGER NOT NULL, name BLOB NOT NULL, "
     "content_id INTEGER NOT NULL REFERENCES contents(id)) STRICT"},
    {"fingerprints", "id, commit_seq, examination_id, mode, quality, orientations",
     "CREATE TABLE fingerprints(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, "
     "examination_id INTEGER NOT NULL REFERENCES examinations(id), mode TEXT NOT NULL, "
     "quality INTEGER NOT NULL, orientations BLOB NOT NULL) STRICT"},
    {"content_findings",
     "id, commit_seq, examination_id, kind, grade, statement, offset_bytes, length_bytes, "
     "offset_kind, fields",
     "CREATE TABLE content_findings(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, "
     "examination_id INTEGER NOT NULL REFERENCES examinations(id), kind TEXT NOT NULL, "
     "grade TEXT NOT NULL, statement TEXT NOT NULL, offset_bytes INTEGER NOT NULL, "
     "length_bytes INTEGER NOT NULL, offset_kind INTEGER NOT NULL, fields TEXT NOT NULL) STRICT"},
    {"items",
     "id, commit_seq, item_id, revision, kind, origin, display_path, parent_item_id, content_id, "
     "size_bytes, modified_ns, changed_ns, accessed_ns, born_ns, in_container_ns, zones, "
     "file_device, file_inode, file_size, file_modified_ns, file_changed_ns, state, coverage, "
     "error_code, error_rule, error_offset, error_offset_kind",
     "CREATE TABLE items(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, "
     "item_id BLOB NOT NULL, revision INTEGER NOT NULL, kind TEXT NOT NULL, origin BLOB NOT NULL, "
     "display_path TEXT NOT NULL, parent_item_id BLOB, "
     "content_id INTEGER REFERENCES contents(id), size_bytes INTEGER, modified_ns INTEGER, "
     "changed_ns INTEGER, accessed_ns INTEGER, born_ns INTEGER, in_container_ns INTEGER, "
     "zones TEXT NOT NULL, file_device INTEGER, file_inode INTEGER, file_size INTEGER, "
     "file_modified_ns INTEGER, file_changed_ns INTEGER, state TEXT NOT NULL, "
     "coverage TEXT NOT NULL, error_code TEXT, error_rule TEXT, error_offset INTEGER, "
     "error_offset_kind INTEGER) STRICT"},
    {"item_findings",
     "id, commit_seq, item_row, kind, grade, statement, offset_bytes, length_bytes, offset_kind, "
     "fields",
     "CREATE TABLE item_findings(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, "
     "item_row INTEGER NOT NULL REFERENCES items(id), kind TEXT NOT NULL, grade TEXT NOT NULL, "
     "statement TEXT NOT NULL, offset_bytes INTEGER NOT NULL, length_bytes INTEGER NOT NULL, "
     "offset_kind INTEGER NOT NULL, fields TEXT NOT NULL) STRICT"},
    {"hits",
     "id, commit_seq, content_id, list_use_id, entry_id, category, disposition, kind, "
     "distance_bits, orientation, mode, state",
     "CREATE TABLE hits(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, "
     "content_id INTEGER NOT NULL REFERENCES contents(id), "
     "list_use_id INTEGER NOT NULL REFERENCES list_uses(id), entry_id TEXT NOT NULL, "
     "category TEXT NOT NULL, disposition TEXT NOT NULL, kind TEXT NOT NULL, "
     "distance_bits INTEGER NOT NULL, orientation INTEGER NOT NULL, mode TEXT NOT NULL, "
     "state TEXT NOT NULL) STRICT"},
    {"hit_records", "id, commit_seq, hit_row, source_record, victim_identified",
     "CREATE TABLE hit_records(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, "
     "hit_row INTEGER NOT NULL REFERENCES hits(id), source_record INTEGER NOT NULL, "
     "victim_identified TEXT NOT NULL) STRICT"},
    {"item_groups", "id, commit_seq, kind, mode, centre_row, shown_row, members",
     "CREATE TABLE item_groups(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, "
     "kind TEXT NOT NULL, mode TEXT NOT NULL, centre_row INTEGER NOT NULL REFERENCES items(id), "
     "shown_row INTEGER NOT NULL REFERENCES items(id), members INTEGER NOT NULL) STRICT"},
    {"group_members", "id, commit_seq, item_row, kind, mode, centre_row, distance_bits",
     "CREATE TABLE group_members(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, "
     "item_row INTEGER NOT NULL REFERENCES items(id), kind TEXT NOT NULL, mode TEXT NOT NULL, "
     "centre_row INTEGER REFERENCES items(id), distance_bits INTEGER NOT NULL) STRICT"},
    {"reviews", "id, commit_seq, item_row, class, sort_key, reasons, shown_with_row",
     "CREATE TABLE reviews(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, "
     "item_row INTEGER NOT NULL REFERENCES items(id), class TEXT NOT NULL, "
     "sort_key BLOB NOT NULL, reasons TEXT NOT NULL, "
     "shown_with_row INTEGER REFERENCES items(id)) STRICT"},
    {"triages", "id, commit_seq, as_of, options",
     "CREATE TABLE triages(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, "
     "as_of INTEGER NOT NULL, options TEXT NOT NULL) STRICT"},
    {"acts", "id, commit_seq, person, time_ns, kind, value, text, of_act",
     "CREATE TABLE acts(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, "
     "person TEXT NOT NULL, time_ns INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, "
     "text TEXT NOT NULL, of_act INTEGER REFERENCES acts(id)) STRICT"},
    {"act_items", "id, commit_seq, act_row, item_row",
     "CREATE TABLE act_items(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, "
     "act_row INTEGER NOT NULL REFERENCES acts(id), "
     "item_row INTEGER NOT NULL REFERENCES items(id)) STRICT"},
    {"exposures", "id, commit_seq, item_row, person, rendition, began_ns, shown_ms, reason",
     "CREATE TABLE exposures(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, "
     "item_row INTEGER NOT NULL REFERENCES items(id), person TEXT NOT NULL, "
     "rendition TEXT NOT NULL, began_ns INTEGER NOT NULL, shown_ms INTEGER NOT NULL, "
     "reason TEXT NOT NULL) STRICT"},
    {"settings", "id, commit_seq, name, value, person, time_ns",
     "CREATE TABLE settings(id INTEGER PRIMARY KEY, commit_seq INTEGER NOT NULL, "
     "name TEXT NOT NULL, value TEXT NOT NULL, person TEXT NOT NULL, "
     "time_ns INTEGER NOT NULL) STRICT"},
}};
/// How many of them a case has, by its version.
constexpr std::array<size_t, kSchemaVersion + 1> kTablesOfVersion = {0, 12, 17, kTables};

struct IndexSpec {
  std::string_view name;
  std::string_view create;
};

/// Only those by key and by item id see keys in random order; the others grow at their end.
constexpr std::array<IndexSpec, 16> kIndexes = {{
    {"contents_by_key", "CREATE UNIQUE INDEX contents_by_key ON contents(key)"},
    {"examinations_by_content", "CREATE INDEX examinations_by_content ON examinations(content_id)"},
    {"members_by_examination", "CREATE INDEX members_by_examination ON members(examination_id)"},
    {"fingerprints_by_examination",
     "CREATE INDEX fingerprints_by_examination ON fingerprints(examination_id)"},
    {"content_findings_by_examination",
     "CREATE INDEX content_findings_by_examination ON content_findings(examination_id)"},
    {"items_by_item_id", "CREATE INDEX items_by_item_id ON items(item_id)"},
    {"items_by_content", "CREATE INDEX items_by_content ON items(content_id)"},
    {"item_findings_by_item", "CREATE INDEX item_findings_by_item ON item_findings(item_row)"},
    {"hits_by_content", "CREATE INDEX hits_by_content ON hits(content_id)"},
    {"hit_records_by_hit", "CREATE INDEX hit_records_by_hit ON hit_records(hit_row)"},
    {"reviews_by_item", "CREATE INDEX reviews_by_item ON reviews(item_row)"},
    {"acts_by_act", "CREATE INDEX acts_by_act ON acts(of_act) WHERE of_act IS NOT NULL"},
    {"act_items_by_act", "CREATE INDEX act_items_by_act ON act_items(act_row)"},
    {"act_items_by_item", "CREATE INDEX act_items_by_item ON act_items(item_row)"},
    {"content_findings_of_origin",
     "CREATE INDEX content_findings_of_origin ON content_findings(examination_id, grade) "
     "WHERE grade <> 'fact'"},
    {"exposures_by_item", "CREATE INDEX exposures_by_item ON exposures(item_row)"},
}};
constexpr std::array<size_t, kSchemaVersion + 1> kIndexesOfVersion = {0, 9, 11, kIndexes.size()};

int64_t version_of(Connection& connection) { return connection.integer("PRAGMA user_version"); }

}  // namespace

std::span<const TableSpec, kTables> tables() { return kTableSpecs; }

std::span<const TableSpec> tables_of(int version) {
  return tables().first(kTablesOfVersion[static_cast<size_t>(version)]);
}

void create_schema(Connection& connection, int from) {
  const auto before = static_cast<size_t>(from);
  if (from == 0) {
    connection.execute(std::string(kCreateAudit));
    connection.execute("PRAGMA application_id=" + std::to_string(kApplicationId));
  }
  for (const TableSpec& table : tables().subspan(kTablesOfVersion[before])) {
    connection.execute(std::string(table.create));
  }
  for (const IndexSpec& index : std::span(kIndexes).subspan(kIndexesOfVersion[before])) {
    connection.execute(std::string(index.create));
  }
  connection.execute("PRAGMA user_version=" + std::to_string(kSchemaVersion));
}

std::string schema_difference(Connection& connection) {
  database::Schema expected;
  const int64_t version = version_of(connection);
  if (version < 1 || version > kSchemaVersion) return "it is of no version that is known here";
  expected.emplace("audit", kCreateAudit);
  for (const TableSpec& table : tables_of(static_cast<int>(version))) {
    expected.emplace(table.name, table.create);
  }
  for (const IndexSpec& index :
       std::span(kIndexes).first(kIndexesOfVersion[static_cast<size_t>(version)])) {
    expected.emplace(index.name, index.create);
  }
  return database::schema_difference(connection, std::move(expected));
}

int require_schema(Connection& connection, const std::string& file) {
  const int64_t application_id = connection.integer("PRAGMA application_id");
  const int64_t version = version_of(connection);
  if (application_id == 0 && version == 0 &&
      connection.integer("SELECT count(*) FROM sqlite_schema") == 0) {
    throw Fault("case file " + file + " was never completed: make the case again");
  }
  if (application_id != kApplicationId) throw Fault(file + " is no case of Safelight");
  if (version > kSchemaVersion) {
    throw Fault("case file " + file + " is of version " + std::to_string(version) +
                ", later than the " + std::to_string(kSchemaVersion) + " that is known here");
  }
  if (version < 1) throw Fault("case file " + file + " is damaged: it has no version");
  if (const std::string difference = schema_difference(connection); !difference.empty()) {
    throw Fault("case file " + file + " is damaged: " + difference);
  }
  return static_cast<int>(version);
}

}  // namespace safelight::casefile
