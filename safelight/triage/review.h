#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "safelight/casefile/reader.h"
#include "safelight/casefile/triage_writer.h"
#include "safelight/triage/groups.h"
#include "safelight/triage/ranking.h"

namespace safelight::triage {

/// What groups and order of a case depend on beside the case. Stored with them.
struct TriageOptions {
  uint32_t radius_bits = kDefaultRadiusBits;
  Device device;
  std::string seized_on;  ///< "2026-11-29", UTC; "" for the day on which the case was made.
  uint32_t recent_days = RankOptions{}.recent_days;
  uint32_t beside_minutes = RankOptions{}.beside_minutes;
  uint32_t sample = RankOptions{}.sample;
  friend bool operator==(const TriageOptions&, const TriageOptions&) = default;
};

/// The options with which the case was last put in order; the defaults where it never was.
TriageOptions stored_options(const casefile::Reader& reader);

/// Nanoseconds since 1970 of the beginning of a day such as "2026-11-29", UTC. Errors: malformed.
Result<int64_t> parse_day(std::string_view text);

/// An item's place in the order of review.
struct Place {
  uint32_t rank = 0;  ///< Counted from 1.
  RankClass rank_class = RankClass::unmatched;
  /// The item that stands for this one in the same class, with the same bytes or in the same near
  /// group. It stands earlier, and all that it stands for directly follow it.
  ItemNumber shown_with = kNobody;
  friend bool operator==(const Place&, const Place&) = default;
};

/// How a case is reviewed: what can be looked at together, and in which order. The reasons are with
/// each item in the case (StoredItem::review).
struct Review {
  std::vector<ItemId> items;  ///< Every item of the case, ascending: by ItemNumber.
  Groups groups;
  std::vector<Place> places;  ///< By ItemNumber.
  TriageOptions options;

  /// The number of an item; nothing for one that is not in it.
  [[nodiscard]] std::optional<ItemNumber> find(const ItemId& id) const;
};

/// The review that the case holds; nothing if it holds none, or one of an earlier state of the case
/// or of an earlier rule. Memory: 100 bytes an item, and 8 for each place in a group. Throws Fault.
std::optional<Review> stored_review(const casefile::Reader& reader);

/// Where groups come from.
enum class Regroup : uint8_t {
  no,   ///< Groups that are stored keep their centres and members, and what is new is taken in.
  yes,  ///< All are made anew.
};

struct UpdateCounts {
  uint64_t new_items = 0;        ///< That took no part in the groups before.
  uint64_t groups_written = 0;   ///< New, changed or gone.
  uint64_t reviews_written = 0;  ///< Items whose class, key, reasons or lead changed.
};

/// Groups and ranks the items of a case as it is when this begins, with the fingerprints of every
/// mode that it holds, and stores what has changed. `reader` is of the same case, which may grow
/// meanwhile: then what is stored is current no more when it is there, and the next update takes in
/// what is new. Interrupted, it leaves the case without a current review, and the next update goes
/// on from what is there.
/// Memory grows with the number of items, by 400 bytes each; time as README.md says. Throws Fault.
UpdateCounts update_review(casefile::TriageWriter& writer, const casefile::Reader& reader,
                           const TriageOptions& options, uint32_t threads,
                           Regroup regroup = Regroup::no);

/// A review, and the state of the case that it is of, which the reader sees as long as this lives.
struct CurrentReview {
  casefile::Reader::Snapshot snapshot;
  Review review;
  UpdateCounts update;  ///< What had to be written.
};

/// The review that the case holds, if it is current, was made with these options and is not to be
/// made anew; else one that is made and stored now. Nothing where the case grew every time that it
/// was made. No snapshot of `reader` is held before. Throws Fault.
std::optional<CurrentReview> current_review(casefile::TriageWriter& writer,
                                            const casefile::Reader& reader,
                                            const TriageOptions& options, uint32_t threads,
                                            Regroup regroup = Regroup::no);

}  // namespace safelight::triage
