#pragma once

#include "safelight/bytes/file.h"
#include "safelight/lists/internal/formats/entry_collector.h"

namespace safelight::lists {

/// The first bytes of every SQLite 3 file.
inline constexpr std::string_view kSqliteMark{"SQLite format 3\0", 16};

/// Reads NSRL RDS version 3, or any SQLite file with one table of digests, without writing to it or
/// beside it. The columns are found by their names: PRAGMA table_info. Errors: as import_list();
/// unsupported, rule "sqlite.no-digest-columns"; malformed, rule "sqlite.read" and the like,
/// without an offset.
Result<void> import_nsrl_sqlite(const FileSource& file, EntryCollector& collector);

}  // namespace safelight::lists
