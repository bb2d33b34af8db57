#pragma once

#include <map>
#include <string>

#include "safelight/base/json_writer.h"
#include "safelight/bytes/new_file.h"
#include "safelight/report/internal/interned.h"
#include "safelight/report/internal/review_record.h"

/// What people decided and were shown, in the HTML report.
namespace safelight::report {

/// The section of totals. It stands without the script.
void write_review(NewFile& out, const ReviewRecord& record, const ReviewTotals& totals);

/// The choices of the filter by decision; "" where the review has not begun.
std::string decision_choices(const ReviewRecord& record, const ReviewTotals& totals);

/// What the rows of the item table have of the review, in the order of values that html/report.js
/// names. `record` and `totals` outlive it.
class ReviewColumn {
 public:
  ReviewColumn(const ReviewRecord& record, const ReviewTotals& totals);

  /// A value of the item's row: 0 where nobody decided, saw or noted anything.
  void write(JsonWriter& json, const ItemId& item);
  /// The tables that the values are places in, and whether the review has begun.
  void write_tables(JsonWriter& json) const;

 private:
  void write_opinion(JsonWriter& json, const Opinion& opinion);
  void write_others(JsonWriter& json, const ItemDecision& decision);
  void write_notes(JsonWriter& json, const std::vector<const Note*>& notes);

  const ReviewRecord& record_;
  const ReviewTotals& totals_;
  std::map<std::string, size_t, std::less<>> categories_;  ///< The places of their codes.
  Interned persons_;
  Interned flags_;
};

}  // namespace safelight::report
