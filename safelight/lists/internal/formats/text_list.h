#pragma once

#include "safelight/bytes/byte_source.h"
#include "safelight/lists/internal/formats/entry_collector.h"

namespace safelight::lists {

/// Reads a list that is lines of text, of whichever kind. Errors: as import_list().
Result<void> import_text(const ByteSource& source, EntryCollector& collector);

}  // namespace safelight::lists
