#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "safelight/triage/groups.h"
#include "safelight/triage/item_facts.h"

namespace safelight::triage {

/// Why an item stands where it does, in the order of review.
enum class RankClass : uint8_t {
  resembles_known,  ///< Looks like an entry that is known or for review, and is not its file.
  review,           ///< The file of an entry that a human must look at.
  known_sample,     ///< Known by digest, and one of the sample that is checked all the same.
  beside_known,  ///< No such hit, but near to, beside, or in one place with an item that has one.
  not_examined,  ///< Nothing is known of its content.
  partly_examined,  ///< Something of its content is not known.
  unmatched,        ///< Examined in full, no hit that says anything.
  known,            ///< Known by digest: set aside.
  ordinary,         ///< Known to be harmless by SHA-1 or SHA-256: set aside.
};
inline constexpr size_t kRankClasses = 9;

/// Whether items of that class need no eyes.
constexpr bool is_set_aside(RankClass rank_class) { return rank_class >= RankClass::known; }

inline constexpr ItemNumber kNobody = std::numeric_limits<ItemNumber>::max();

/// How many items with a hit there are in places that an item is in, itself not counted.
struct KnownBeside {
  uint32_t folder = 0;
  uint32_t archive = 0;
  uint32_t captured = 0;  ///< Captured within the minutes that the lab sets, in the same source.
  uint32_t written = 0;   ///< Written likewise.
  friend bool operator==(const KnownBeside&, const KnownBeside&) = default;
};

/// What decides the place of an item within its class, each the least first, in this order. Further
/// evidence, such as of a sensor or in a video, is a further member.
struct Weights {
  uint8_t victim = 1;   ///< 0 where a list says that the victim is not identified, 2 where it is.
  uint8_t device = 0;   ///< DeviceMatch.
  uint8_t camera = 0;   ///< Place of the grade among those of evidence of origin.
  uint8_t recency = 0;  ///< Recency.
  uint8_t nearness = 255;   ///< Bits to what is known; over 200 by place alone.
  uint16_t neighbours = 0;  ///< Items with a hit in one place with it: the most first.
};

/// As bytes that sort like the weights, as they are stored.
std::string key_of(const Weights& weights);

/// Where an item stands, and what of other items has to do with it.
struct Ranked {
  RankClass rank_class = RankClass::unmatched;
  std::string_view key() const { return {key_bytes, sizeof(key_bytes)}; }
  char key_bytes[7] = {};
  ItemNumber shown_with = kNobody;  ///< The item that stands for it, in the same class.
  ItemNumber near_known = kNobody;  ///< An item with a hit in a near group with it,
  uint8_t near_bits = 0;            ///< and its own distance from that group's centre.
  ItemNumber copy_of = kNobody;     ///< An item of the same bytes that brought it into its class.
  ItemNumber placed_by = kNobody;   ///< A member of its group whose key it stands at.
  KnownBeside beside;
};

/// The order of review by class and weights: README.md has the rule. `facts` and the results are by
/// ItemNumber; `known_hashes` has a value for each item whose HitClass is `known`, equal for equal
/// contents, by which the sample is drawn. Chooses the members of `groups` that are shown. The
/// order of ids decides last.
std::vector<Ranked> rank_items(std::span<const ItemFacts> facts,
                               std::span<const std::pair<uint64_t, ItemNumber>> known_hashes,
                               const RankOptions& options, Groups& groups);

std::string_view to_text(RankClass rank_class);
/// Errors: malformed.
Result<RankClass> rank_class_from_text(std::string_view text);

}  // namespace safelight::triage
