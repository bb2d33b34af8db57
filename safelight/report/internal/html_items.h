#pragma once

#include <cstdint>

#include "safelight/bytes/new_file.h"
#include "safelight/report/internal/html_review.h"
#include "safelight/report/report.h"

namespace safelight::report {

/// Writes the block of data from which html/report.js shows groups and items: the first `max_items`
/// in the order of review, streamed in ItemId order. `review` gives what people made of each.
void write_html_data(NewFile& out, const ReportInput& input, ReviewColumn& review,
                     uint64_t max_items);

}  // namespace safelight::report
