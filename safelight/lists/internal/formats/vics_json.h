#pragma once

#include "safelight/bytes/byte_source.h"
#include "safelight/lists/internal/formats/entry_collector.h"

namespace safelight::lists {

/// Reads a VICS JSON, `#Media` or `#Cases`, of any version and profile, as a stream. Told by its
/// structure: objects in an array `value` or `Media`, or in an array at the top. Errors: as
/// import_list(); unsupported, rule "vics.structure", where there is no such array.
Result<void> import_vics(const ByteSource& source, EntryCollector& collector);

}  // namespace safelight::lists
