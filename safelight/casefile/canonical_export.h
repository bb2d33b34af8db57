#pragma once

#include <functional>
#include <string_view>

#include "safelight/casefile/reader.h"

namespace safelight::casefile {

/// Writes what the case says of the evidence as JSON lines, a header and then the items in ItemId
/// order, in pieces to `write`. Runs, their times, mount points and what differs between two copies
/// of the same evidence (inodes, access and change times) are left out: two scans of the same
/// evidence by the same version with the same lists give the same bytes, however often each was
/// interrupted. The lines: docs/formats/case.md, section 5.
void export_canonical(const Reader& reader, const std::function<void(std::string_view)>& write);

}  // namespace safelight::casefile
