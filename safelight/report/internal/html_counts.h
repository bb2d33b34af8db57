#pragma once

#include "safelight/bytes/new_file.h"
#include "safelight/triage/counts.h"

namespace safelight::report {

/// How many files a human need not open and why, and the counts by source and by folder: the
/// folders with the most to review.
void write_counts(NewFile& out, const triage::Counts& counts);

}  // namespace safelight::report
