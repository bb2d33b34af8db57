#include "safelight/serve/queue/internal/item_table.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "safelight/base/fault.h"
#include "safelight/serve/queue/internal/mark.h"
#include "safelight/triage/ranking.h"

namespace safelight::serve {
namespace {

using triage::RankClass;

/// What no order was ever made of stands behind what has to be looked at, before what has not.
constexpr std::string_view kUnranked = "unranked";
constexpr std::string_view kUnknownType = "unknown";
constexpr std::string_view kNoGrade = "none";

/// The first eight bytes of an id, which sort as it does.
uint64_t head_of(const ItemId& id) {
  uint64_t out = 0;
  for (size_t i = 0; i < 8; ++i) out = out << 8 | id.value.bytes[i];
  return out;
}

/// What sorts an item, most of it in one piece of memory.
struct SortKey {
  ItemPlace leader = 0;   ///< Of a leader 0.
  uint64_t standing = 0;  ///< Class and key.
  uint64_t head = 0;
  uint32_t item = 0;
};

template <typename T>
void put_in_order(std::vector<T>& column, const std::vector<uint32_t>& order) {
  std::vector<T> sorted;
  sorted.reserve(order.size());
  for (const uint32_t item : order) sorted.push_back(column[item]);
  column = std::move(sorted);
}

/// Takes cards as they come and puts them in order at the end.
class Loader {
 public:
  explicit Loader(std::string case_id) : case_id_(std::move(case_id)) {
    static_assert(static_cast<uint32_t>(RankClass::known) + 1 ==
                  static_cast<uint32_t>(ClassNumber::known));
    Vocabulary& classes = vocabulary(Facet::rank_class);
    for (size_t i = 0; i < triage::kRankClasses; ++i) {
      const auto rank_class = static_cast<RankClass>(i);
      if (rank_class == RankClass::known) classes.number(kUnranked);
      classes.number(triage::to_text(rank_class));
    }
    vocabulary(Facet::grade).number(kNoGrade);
    out_.hit_sets.emplace_back();
  }

  void take(const casefile::Card& card) {
    if (out_.ids.size() >= UINT32_MAX) throw Fault("a case of more items than can be queued");
    const auto item = static_cast<uint32_t>(out_.ids.size());
    out_.ids.push_back(card.item);
    item_of_row_.emplace_back(card.row, item);
    shown_with_.push_back(card.shown_with);
    keys_.push_back(key_words_.number(card.key));
    out_.size_bytes.push_back(card.size_bytes.value_or(kNoSize));
    const auto modified = card.modified.value_or(casefile::Timestamp{kNoTime});
    out_.modified_ns.push_back(modified.ns);
    out_.modified_zone.push_back(modified.zone);
    out_.width.push_back(card.width);
    out_.height.push_back(card.height);
    out_.grades.push_back(static_cast<uint8_t>(card.grades));
    out_.coverage.push_back(card.coverage);
    out_.names += card.path.substr(card.name_at);
    names_end_.push_back(out_.names.size());
    column(Facet::rank_class).push_back(class_number(card.rank_class));
    column(Facet::grade).push_back(vocabulary(Facet::grade).number(strongest(card.grades)));
    column(Facet::type)
        .push_back(
            vocabulary(Facet::type).number(card.format.empty() ? kUnknownType : card.format));
    const uint32_t source = vocabulary(Facet::source).number(card.source);
    column(Facet::source).push_back(source);
    column(Facet::folder).push_back(folder_number(card.path.substr(0, card.name_at), source));
    column(Facet::list).push_back(hit_set_number(card.hits));
  }

  ItemTable finish() && {
    const auto order = make_order();
    put_in_order(out_.ids, order);
    for (const Facet facet : {Facet::rank_class, Facet::list, Facet::grade, Facet::type,
                              Facet::source, Facet::folder}) {
      put_in_order(column(facet), order);
    }
    put_in_order(out_.size_bytes, order);
    put_in_order(out_.modified_ns, order);
    put_in_order(out_.modified_zone, order);
    put_in_order(out_.width, order);
    put_in_order(out_.height, order);
    put_in_order(out_.grades, order);
    put_in_order(out_.coverage, order);
    put_names_in_order(order);
    out_.by_id.resize(order.size());
    std::iota(out_.by_id.begin(), out_.by_id.end(), ItemPlace{0});
    std::sort(out_.by_id.begin(), out_.by_id.end(),
              [&](ItemPlace a, ItemPlace b) { return out_.ids[a] < out_.ids[b]; });
    return std::move(out_);
  }

 private:
  Vocabulary& vocabulary(Facet facet) { return out_.vocabulary[static_cast<size_t>(facet)]; }
  std::vector<uint32_t>& column(Facet facet) { return out_.values[static_cast<size_t>(facet)]; }

  /// A class of no known name counts as none: nothing is left out for it.
  uint32_t class_number(std::string_view rank_class) {
    Vocabulary& classes = vocabulary(Facet::rank_class);
    return classes.find(rank_class).value_or(*classes.find(kUnranked));
  }

  static std::string_view strongest(uint32_t grades) {
    grades &= ~1U;  // Facts are no evidence.
    if (grades == 0) return kNoGrade;
    return to_text(static_cast<Grade>(std::bit_width(grades) - 1));
  }

  uint32_t folder_number(std::string_view path, uint32_t source) {
    std::string& name = scratch_;
    name.assign(vocabulary(Facet::source).text(source)).append("\n").append(path);
    const uint32_t number = folder_words_.number(name);
    if (number == out_.folders.size()) {
      out_.folders.push_back({std::string(path), source});
      const uint32_t mark = vocabulary(Facet::folder).number(mark_of(case_id_, "folder", name));
      if (mark != number) throw Fault("two folders of one mark");
    }
    return number;
  }

  uint32_t hit_set_number(std::span<const casefile::CardHit> hits) {
    if (hits.empty()) return 0;
    std::string& name = scratch_;
    name.clear();
    for (const casefile::CardHit& hit : hits) {
      for (const std::string_view part : {hit.list, hit.category, to_text(hit.disposition)}) {
        name.append(std::to_string(part.size())).append(":").append(part);
      }
    }
    const uint32_t number = hit_words_.number(name) + 1;
    if (number == out_.hit_sets.size()) {
      HitSet set;
      for (const casefile::CardHit& hit : hits) {
        set.hits.push_back({std::string(hit.list), std::string(hit.category), hit.disposition});
        const uint32_t list = vocabulary(Facet::list).number(hit.list);
        if (std::find(set.lists.begin(), set.lists.end(), list) == set.lists.end()) {
          set.lists.push_back(list);
        }
      }
      out_.hit_sets.push_back(std::move(set));
    }
    return number;
  }

  /// By item as it came, the item that stands for it. One that names none that could, as an order
  /// that was interrupted may leave it, stands for itself.
  std::vector<uint32_t> leaders() {
    std::sort(item_of_row_.begin(), item_of_row_.end());
    std::vector<uint32_t> out(out_.ids.size());
    for (uint32_t item = 0; item < out.size(); ++item) {
      out[item] = item;
      if (shown_with_[item] == 0) continue;
      const auto other = std::lower_bound(item_of_row_.begin(), item_of_row_.end(),
                                          std::pair(shown_with_[item], 0U));
      const bool is_there = other != item_of_row_.end() && other->first == shown_with_[item];
      if (is_there && shown_with_[other->second] == 0) out[item] = other->second;
    }
    return out;
  }

  /// The numbers of keys in the order of the keys.
  std::vector<uint32_t> key_ranks() const {
    std::vector<uint32_t> sorted(key_words_.size());
    std::iota(sorted.begin(), sorted.end(), 0U);
    std::sort(sorted.begin(), sorted.end(),
              [&](uint32_t a, uint32_t b) { return key_words_.text(a) < key_words_.text(b); });
    std::vector<uint32_t> ranks(sorted.size());
    for (uint32_t i = 0; i < sorted.size(); ++i) ranks[sorted[i]] = i;
    return ranks;
  }

  void sort(std::vector<SortKey>& keys) const {
    std::sort(keys.begin(), keys.end(), [&](const SortKey& a, const SortKey& b) {
      if (a.leader != b.leader) return a.leader < b.leader;
      if (a.standing != b.standing) return a.standing < b.standing;
      if (a.head != b.head) return a.head < b.head;
      return out_.ids[a.item] < out_.ids[b.item];
    });
  }

  /// Items as they came in the order of review; fills `leader` and `leaders`.
  std::vector<uint32_t> make_order() {
    const auto leader_of = leaders();
    const auto ranks = key_ranks();
    const auto key_of = [&](uint32_t item) {
      const uint64_t rank_class = column(Facet::rank_class)[item];
      return SortKey{0, rank_class << 32 | ranks[keys_[item]], head_of(out_.ids[item]), item};
    };
    std::vector<SortKey> leading;
    std::vector<SortKey> following;
    for (uint32_t item = 0; item < leader_of.size(); ++item) {
      (leader_of[item] == item ? leading : following).push_back(key_of(item));
    }
    sort(leading);
    std::vector<uint32_t> place(leader_of.size());
    for (uint32_t i = 0; i < leading.size(); ++i) place[leading[i].item] = i;
    for (SortKey& key : following) key.leader = place[leader_of[key.item]];
    sort(following);

    std::vector<uint32_t> order;
    order.reserve(leader_of.size());
    out_.leader.reserve(leader_of.size());
    out_.leaders.reserve(leading.size());
    auto next = following.begin();
    for (uint32_t i = 0; i < leading.size(); ++i) {
      const auto first = static_cast<ItemPlace>(order.size());
      out_.leaders.push_back(first);
      order.push_back(leading[i].item);
      for (; next != following.end() && next->leader == i; ++next) order.push_back(next->item);
      out_.leader.resize(order.size(), first);
    }
    return order;
  }

  void put_names_in_order(const std::vector<uint32_t>& order) {
    std::string sorted;
    sorted.reserve(out_.names.size());
    out_.name_at.reserve(order.size() + 1);
    out_.name_at.push_back(0);
    for (const uint32_t item : order) {
      const uint64_t begin = item == 0 ? 0 : names_end_[item - 1];
      sorted.append(out_.names, begin, names_end_[item] - begin);
      out_.name_at.push_back(sorted.size());
    }
    out_.names = std::move(sorted);
  }

  const std::string case_id_;
  ItemTable out_;
  std::vector<std::pair<int64_t, uint32_t>> item_of_row_;
  std::vector<int64_t> shown_with_;  ///< Rows, by item.
  std::vector<uint32_t> keys_;       ///< In key_words_, by item.
  std::vector<uint64_t> names_end_;  ///< By item.
  Vocabulary key_words_;
  Vocabulary folder_words_;
  Vocabulary hit_words_;
  std::string scratch_;
};

}  // namespace

ItemTable ItemTable::load(const QueueSource& source) {
  Loader loader(source.case_id());
  source.for_each_card([&](const casefile::Card& card) { loader.take(card); });
  return std::move(loader).finish();
}

std::optional<ItemPlace> ItemTable::find(const ItemId& id) const {
  const auto found =
      std::lower_bound(by_id.begin(), by_id.end(), id,
                       [&](ItemPlace place, const ItemId& other) { return ids[place] < other; });
  if (found == by_id.end() || ids[*found] != id) return std::nullopt;
  return *found;
}

std::pair<ItemPlace, ItemPlace> ItemTable::group_of(ItemPlace place) const {
  const auto next = std::upper_bound(leaders.begin(), leaders.end(), place);
  return {leader[place], next == leaders.end() ? size() : *next};
}

CardFacts ItemTable::facts(ItemPlace place) const {
  CardFacts out;
  const auto word = [&](Facet facet) { return words(facet).text(column(facet)[place]); };
  const auto [first, end] = group_of(place);
  out.item = ids[place];
  out.leader = ids[first];
  out.rank = uint64_t{place} + 1;
  out.members = end - first;
  out.rank_class = word(Facet::rank_class);
  out.is_known = column(Facet::rank_class)[place] == static_cast<uint32_t>(ClassNumber::known);
  out.type = word(Facet::type);
  out.width = width[place];
  out.height = height[place];
  if (size_bytes[place] != kNoSize) out.size_bytes = size_bytes[place];
  if (modified_ns[place] != kNoTime) {
    out.modified = casefile::Timestamp{modified_ns[place], modified_zone[place]};
  }
  out.source = word(Facet::source);
  out.folder = folders[column(Facet::folder)[place]].path;
  out.name = name(place);
  out.lists = hit_sets[column(Facet::list)[place]].hits;
  for (unsigned bit = 7; bit > 0; --bit) {
    if ((grades[place] >> bit & 1) != 0) out.grades.push_back(static_cast<Grade>(bit));
  }
  out.coverage = coverage[place];
  return out;
}

}  // namespace safelight::serve
