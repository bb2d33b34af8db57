#pragma once

#include <cstdint>

#include "safelight/bytes/new_file.h"
#include "safelight/report/internal/group_index.h"
#include "safelight/report/internal/rank_index.h"
#include "safelight/report/report.h"

namespace safelight::report {

/// Writes the block of data from which html/report.js shows groups and items: the first `max_items`
/// in the order of review, streamed in ItemId order.
void write_html_data(NewFile& out, const ReportInput& input, uint64_t max_items);

}  // namespace safelight::report
