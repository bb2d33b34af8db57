#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "safelight/casefile/act_reader.h"
#include "safelight/decisions/decisions.h"
#include "safelight/decisions/review_rules.h"
#include "safelight/triage/review.h"

namespace safelight::report {

/// What an item's decision comes to, in one word.
enum class DecisionState : uint8_t {
  not_begun,  ///< Nobody has said anything of any item, or was shown one.
  undecided,
  decided,
  second_look_wanted,  ///< Decided, and another person has to say the same before it holds.
  conflict,            ///< Two say different things, and nobody has settled it.
};
std::string_view to_text(DecisionState state);

/// A note that stands.
struct Note {
  std::string text;
  std::string person;
  int64_t time_ns = 0;
};

/// What people were shown of an item, or may have been: a reveal is on record before its picture is
/// sent.
struct Shown {
  uint64_t reveals = 0;
  uint64_t shown_ms = 0;
  uint64_t of_unknown_length = 0;      ///< Reveals that add nothing to `shown_ms`.
  int64_t first_ns = 0;                ///< When the first began.
  int64_t last_ns = 0;                 ///< When the last began.
  std::vector<uint32_t> persons;       ///< Each once. Who they are is not for a report to tell.
  std::vector<uint32_t> by_rendition;  ///< Reveals, by the place in ReviewRecord::renditions().
};

/// What people made of an item. Valid as long as the record is.
struct ReviewedItem {
  DecisionState state = DecisionState::not_begun;
  ItemDecision decision;
  SecondLook second_look = SecondLook::not_asked;
  std::vector<const Note*> notes;
  const Shown* shown = nullptr;  ///< Null where nobody was shown it.

  /// Whether there is nothing to say beside that nobody has decided and seen it.
  [[nodiscard]] bool is_untouched() const { return decision.is_empty() && shown == nullptr; }
};

struct CategoryTotal {
  std::string code;
  const Category* category = nullptr;  ///< Null for a code that the scheme does not have.
  uint64_t items = 0;
  uint64_t conflicts = 0;            ///< Among them.
  uint64_t second_looks_wanted = 0;  ///< Likewise.
};

/// Counts over the items of a case, of a review that has begun.
struct ReviewTotals {
  /// Every category of the scheme in its order, then what else somebody says of an item.
  std::vector<CategoryTotal> by_category;
  uint64_t decided = 0;
  uint64_t undecided = 0;
  uint64_t undecided_to_review = 0;  ///< Of these, what triage leaves to be looked at, each itself.
  uint64_t conflicts = 0;
  uint64_t second_looks_wanted = 0;
  uint64_t second_looks_done = 0;
  uint64_t settled = 0;
  uint64_t passed_on = 0;
  uint64_t flagged = 0;
  uint64_t with_notes = 0;
  std::map<std::string, uint64_t> by_flag;
  uint64_t shown_items = 0;
  uint64_t people = 0;  ///< Who were shown anything.
  uint64_t reveals = 0;
  uint64_t shown_ms = 0;
  uint64_t of_unknown_length = 0;  ///< Reveals.
};

/// What the acts and exposures of a case come to, as they were when it was made. Memory: what
/// Decisions takes, the texts of notes, and some 150 bytes for each item that was shown.
class ReviewRecord {
 public:
  /// Throws Fault.
  explicit ReviewRecord(const casefile::ActReader& acts);

  /// Whether anybody did anything with an item or was shown one.
  [[nodiscard]] bool has_begun() const { return decisions_.last_act() != 0 || !shown_.empty(); }
  /// How many acts it is of.
  [[nodiscard]] uint64_t acts() const { return decisions_.last_act(); }
  [[nodiscard]] const ReviewRules& rules() const { return rules_; }
  [[nodiscard]] const std::vector<std::string>& renditions() const { return renditions_; }
  [[nodiscard]] ReviewedItem of(const ItemId& item) const;
  /// Over the items of `review`; nothing where the review has not begun. Valid as long as the
  /// record is.
  [[nodiscard]] ReviewTotals totals(const triage::Review& review) const;

 private:
  ReviewRules rules_;
  Decisions decisions_;
  std::map<uint64_t, Note> notes_;  ///< By the number of the act.
  std::unordered_map<ItemId, Shown> shown_;
  std::vector<std::string> renditions_;
};

/// The name of a category; "" for a code that the scheme does not have.
std::string_view name_of(const Scheme& scheme, std::string_view code);

/// Milliseconds as seconds, exactly: 41250 as "41.25".
std::string seconds_text(uint64_t ms);

}  // namespace safelight::report
