#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "safelight/evidence/origin.h"
#include "safelight/serve/queue/card_facts.h"
#include "safelight/serve/queue/internal/vocabulary.h"
#include "safelight/serve/queue/queue_filter.h"
#include "safelight/serve/queue/queue_source.h"

namespace safelight::serve {

/// A place in the order of review, counted from 0 over all items.
using ItemPlace = uint32_t;

inline constexpr uint64_t kNoSize = UINT64_MAX;
inline constexpr int64_t kNoTime = INT64_MIN;

/// What the lists say of an item, shared by all of which they say the same.
struct HitSet {
  std::vector<ListedAs> hits;
  std::vector<uint32_t> lists;  ///< In Facet::list's vocabulary, once each.
};

/// Where files are named. The vocabulary of Facet::folder has their marks.
struct Folder {
  std::string path;  ///< With the sign that parts it from names; "" for the source's root.
  uint32_t source = 0;
};

/// The items of a case in the order of review, as columns by ItemPlace. Leaders stand by class, key
/// and id, and the items that they stand for directly follow them. Some 100 bytes an item and its
/// name. Does not change once it is made.
struct ItemTable {
  std::vector<ItemId> ids;
  std::vector<ItemPlace> leader;
  /// By Facet, a number in its vocabulary; of Facet::list one of `hit_sets`. None of those that
  /// people decide.
  std::array<std::vector<uint32_t>, kFacets> values;
  std::vector<uint64_t> size_bytes;  ///< Or kNoSize.
  std::vector<int64_t> modified_ns;  ///< Or kNoTime; on the clock that wrote it.
  std::vector<casefile::TimeZoneKnowledge> modified_zone;
  std::vector<uint32_t> width;
  std::vector<uint32_t> height;
  std::vector<uint8_t> grades;  ///< As Card::grades.
  std::vector<Coverage> coverage;

  std::vector<ItemPlace> leaders;  ///< Ascending.
  std::vector<ItemPlace> by_id;    ///< Ascending by id.
  std::array<Vocabulary, kFacets> vocabulary;
  std::vector<HitSet> hit_sets;
  std::vector<Folder> folders;    ///< By number in the vocabulary.
  std::string names;              ///< All, one after another.
  std::vector<uint64_t> name_at;  ///< And one more at the end.

  static ItemTable load(const QueueSource& source);

  [[nodiscard]] uint32_t size() const { return static_cast<uint32_t>(ids.size()); }
  [[nodiscard]] const std::vector<uint32_t>& column(Facet facet) const {
    return values[static_cast<size_t>(facet)];
  }
  [[nodiscard]] const Vocabulary& words(Facet facet) const {
    return vocabulary[static_cast<size_t>(facet)];
  }
  [[nodiscard]] std::optional<ItemPlace> find(const ItemId& id) const;
  /// The first place of an item's group and the one behind its last.
  [[nodiscard]] std::pair<ItemPlace, ItemPlace> group_of(ItemPlace place) const;
  [[nodiscard]] std::string_view name(ItemPlace place) const {
    return std::string_view(names).substr(name_at[place], name_at[place + 1] - name_at[place]);
  }
  /// What is known of an item without what people said.
  [[nodiscard]] CardFacts facts(ItemPlace place) const;
};

/// The numbers of Facet::rank_class, in the order of review.
enum class ClassNumber : uint32_t { known = 8, ordinary = 9 };
inline bool is_set_aside(uint32_t class_number) {
  return class_number >= static_cast<uint32_t>(ClassNumber::known);
}

}  // namespace safelight::serve
