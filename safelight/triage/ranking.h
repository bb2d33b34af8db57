#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/evidence/finding.h"
#include "safelight/evidence/hit.h"
#include "safelight/evidence/origin.h"
#include "safelight/triage/groups.h"
#include "safelight/triage/origin_evidence.h"

namespace safelight::triage {

/// What ranking looks at of an item. Each item occurs once.
struct RankItem {
  ItemId item;
  Coverage coverage = Coverage::none;
  OriginGrades origin;        ///< Of its findings; what speaks for synthesis is not looked at.
  std::span<const Hit> hits;  ///< Those that stand.
};

/// Why an item stands where it does, in the order of review.
enum class RankClass : uint8_t {
  known,            ///< A hit with known material.
  review,           ///< A hit that a human must look at.
  beside_hit,       ///< No such hit, but in a near group with an item that has one.
  not_examined,     ///< Nothing is known of its content.
  partly_examined,  ///< Something of its content is not known.
  unmatched,        ///< Examined in full, no hit that says anything.
  ordinary,         ///< Known to be harmless by SHA-1 or SHA-256.
};

/// An item's place in the order.
struct RankedItem {
  ItemId item;
  RankClass rank_class = RankClass::unmatched;
  std::string reason;  ///< One sentence in plain words, of lists and coverage alone.
  /// The item that stands for this one in the same class, with the same bytes or in the same near
  /// group. It stands earlier, and all that it stands for directly follow it.
  std::optional<ItemId> shown_with;
  friend bool operator==(const RankedItem&, const RankedItem&) = default;
};

/// Puts all items in the order in which a human should see them: by class; within a class digest
/// hits before fingerprint hits and near before far; then, but for the class `ordinary`, evidence
/// of a camera first, the stronger before the weaker; then by id. Evidence of synthesis changes
/// nothing. The order of `items` does not matter. `groups` are of the same items; one that is in
/// near groups of both modes follows the earlier of them. The reasons behind the order: README.md.
std::vector<RankedItem> rank_items(std::span<const RankItem> items, const Groups& groups);

/// Why the item stands where it does, with what its evidence of origin has to do with it. Made when
/// it is shown, so that the order of a large case stays small.
std::string full_reason(const RankedItem& ranked, const OriginEvidence& evidence);

std::string_view to_text(RankClass rank_class);

}  // namespace safelight::triage
