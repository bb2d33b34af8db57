#pragma once

#include <cstdint>

#include "safelight/index/exact_set.h"
#include "safelight/lists/internal/list_writer.h"
#include "safelight/lists/internal/spool_file.h"

namespace safelight::lists {

/// Writes the layout of an ExactSet (docs/formats/exact_set.md, version 2) from `count` pairs of a
/// spool file that are in order and differ, without ever holding more than a few buffers of it:
/// ExactSet::write_layout() has all pairs and the whole layout in memory.
template <typename D>
void stream_exact_set(const SpoolFile& pairs, uint64_t count, const SectionOutput& out);

}  // namespace safelight::lists
