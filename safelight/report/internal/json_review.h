#pragma once

#include "safelight/base/json_writer.h"
#include "safelight/report/internal/review_record.h"

/// What people decided and were shown, in the JSON report.
namespace safelight::report {

/// The member `review`: the scheme, and the totals over the items of `review`.
void write_review(JsonWriter& json, const ReviewRecord& record, const triage::Review& review);

/// The members of an item, from `decision` on; none where the review has not begun.
void write_item_review(JsonWriter& json, const ReviewRecord& record, const ItemId& item);

}  // namespace safelight::report
