#include "safelight/serve/queue/internal/count_queue.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <set>

namespace safelight::serve {
namespace {

/// Counts cards by number of a value: an item more of the same card does not count.
class CardCounter {
 public:
  explicit CardCounter(size_t values) : counts_(values) {}

  void add(uint32_t value, ItemPlace card) {
    Count& count = counts_[value];
    if (count.last_card == card) return;
    count.last_card = card;
    ++count.cards;
  }
  [[nodiscard]] uint32_t cards(uint32_t value) const { return counts_[value].cards; }
  [[nodiscard]] uint32_t size() const { return static_cast<uint32_t>(counts_.size()); }

 private:
  struct Count {
    ItemPlace last_card = UINT32_MAX;
    uint32_t cards = 0;
  };
  std::vector<Count> counts_;
};

/// The facets of which an item has one value, which does not change.
constexpr std::array kPlainFacets = {Facet::rank_class, Facet::grade, Facet::type, Facet::source,
                                     Facet::folder};

size_t slot(Facet facet) { return static_cast<size_t>(facet); }

class Counting {
 public:
  Counting(const ItemTable& items, const DecisionTable& decisions)
      : items_(items), decisions_(decisions) {
    for (size_t facet = 0; facet < kFacets; ++facet) {
      counters_.emplace_back(items.vocabulary[facet].size());
    }
    counters_[slot(Facet::state)] = CardCounter(kReviewStates);
    counters_[slot(Facet::category)] = CardCounter(decisions.categories.size());
  }

  void count(const CompiledFilter& filter) {
    for (ItemPlace place = 0; place < items_.size(); ++place) {
      const uint32_t misses = filter.misses(place);
      // What misses in two facets counts in none, as one alone is left out of the filter at a time.
      if ((misses & (misses - 1)) != 0 || !filter.fits_rest(place)) continue;
      add(place, misses);
    }
  }

  [[nodiscard]] const CardCounter& of(Facet facet) const { return counters_[slot(facet)]; }

 private:
  /// `misses` is of one facet, in which alone it then counts, or of none.
  void add(ItemPlace place, uint32_t misses) {
    const ItemPlace card = items_.leader[place];
    const auto counts = [&](Facet facet) { return (misses & ~CompiledFilter::bit(facet)) == 0; };
    for (const Facet facet : kPlainFacets) {
      if (counts(facet)) counters_[slot(facet)].add(items_.column(facet)[place], card);
    }
    if (counts(Facet::list)) {
      for (const uint32_t list : items_.hit_sets[items_.column(Facet::list)[place]].lists) {
        counters_[slot(Facet::list)].add(list, card);
      }
    }
    if (counts(Facet::category)) {
      counters_[slot(Facet::category)].add(decisions_.category[place], card);
    }
    if (counts(Facet::state)) {
      const uint8_t states = decisions_.states[place];
      for (uint32_t state = 0; state < kReviewStates; ++state) {
        if ((states >> state & 1) != 0) counters_[slot(Facet::state)].add(state, card);
      }
    }
  }

  const ItemTable& items_;
  const DecisionTable& decisions_;
  std::vector<CardCounter> counters_;
};

ValueCounts named(const CardCounter& counter, const Vocabulary& words) {
  ValueCounts out;
  for (uint32_t value = 0; value < counter.size(); ++value) {
    const bool is_nothing = words.text(value).empty();
    if (counter.cards(value) != 0 && !is_nothing) out[words.text(value)] = counter.cards(value);
  }
  return out;
}

std::string name_of(const ItemTable& items, const Folder& folder) {
  std::string_view path = folder.path;
  if (!path.empty()) path.remove_suffix(1);
  std::string out = path.empty() ? "/" : std::string(path);
  const Vocabulary& sources = items.words(Facet::source);
  return sources.size() > 1 ? sources.text(folder.source) + ": " + out : out;
}

void name_folders(const ItemTable& items, const QueueFilter& filter, const CardCounter& counter,
                  QueueCounts& out) {
  std::vector<uint32_t> most;
  for (uint32_t folder = 0; folder < counter.size(); ++folder) {
    if (counter.cards(folder) != 0) most.push_back(folder);
  }
  if (most.size() > kMaxFolderCounts) {
    std::nth_element(most.begin(), most.begin() + kMaxFolderCounts, most.end(),
                     [&](uint32_t a, uint32_t b) {
                       if (counter.cards(a) != counter.cards(b)) {
                         return counter.cards(a) > counter.cards(b);
                       }
                       return a < b;
                     });
    most.resize(kMaxFolderCounts);
  }
  const Vocabulary& marks = items.words(Facet::folder);
  for (const std::string& mark : filter[Facet::folder]) {
    if (const auto folder = marks.find(mark)) {
      out.folders[mark] = name_of(items, items.folders[*folder]);
      if (counter.cards(*folder) != 0) most.push_back(*folder);
    }
  }
  for (const uint32_t folder : most) {
    out.by[slot(Facet::folder)][marks.text(folder)] = counter.cards(folder);
    out.folders[marks.text(folder)] = name_of(items, items.folders[folder]);
  }
}

/// Counts by day, of all days that nanoseconds since 1970 can name.
class DayCounter {
 public:
  void add(int32_t day) { ++counts_[static_cast<size_t>(day + kMostDays)]; }

  /// By the first `length` characters of days such as "2026-11-29".
  [[nodiscard]] ValueCounts by_text(size_t length) const {
    ValueCounts out;
    for (int32_t i = 0; i <= 2 * kMostDays; ++i) {
      const uint32_t count = counts_[static_cast<size_t>(i)];
      if (count != 0) out[text_of(i - kMostDays).substr(0, length)] += count;
    }
    return out;
  }

 private:
  static constexpr int32_t kMostDays = 106752;  // 2^63 ns, rounded up.

  static std::string text_of(int32_t day) {
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text;
  }

  std::vector<uint32_t> counts_ = std::vector<uint32_t>(2 * kMostDays + 1);
};
constexpr size_t kMonthLength = 7;
constexpr size_t kDayLength = 10;

}  // namespace

FilteredList list_items(const ItemTable& items, const CompiledFilter& filter) {
  FilteredList out;
  for (ItemPlace place = 0; place < items.size(); ++place) {
    if (!filter.fits(place)) continue;
    ++out.items;
    const ItemPlace card = items.leader[place];
    if (out.cards.empty() || out.cards.back() != card) out.cards.push_back(card);
  }
  out.cards.shrink_to_fit();
  return out;
}

QueueCounts count_queue(const ItemTable& items, const DecisionTable& decisions,
                        const QueueFilter& filter, const CompiledFilter& compiled) {
  Counting counting(items, decisions);
  counting.count(compiled);
  QueueCounts out;
  for (const Facet facet :
       {Facet::rank_class, Facet::list, Facet::grade, Facet::type, Facet::source}) {
    out.by[slot(facet)] = named(counting.of(facet), items.words(facet));
  }
  out.by[slot(Facet::category)] = named(counting.of(Facet::category), decisions.categories);
  for (uint32_t state = 0; state < kReviewStates; ++state) {
    const uint32_t cards = counting.of(Facet::state).cards(state);
    const std::string name(to_text(static_cast<ReviewState>(state)));
    if (cards != 0) out.by[slot(Facet::state)][name] = cards;
  }
  name_folders(items, filter, counting.of(Facet::folder), out);
  return out;
}

QueueCharts chart_queue(const ItemTable& items, const DecisionTable& decisions) {
  QueueCharts out;
  const auto count = [&](Facet facet) {
    std::vector<uint64_t> counts(std::max<size_t>(items.words(facet).size(), 1));
    for (const uint32_t value : items.column(facet)) ++counts[value];
    ValueCounts named_counts;
    for (uint32_t value = 0; value < items.words(facet).size(); ++value) {
      if (counts[value] != 0) named_counts[items.words(facet).text(value)] = counts[value];
    }
    return named_counts;
  };
  out.by_class = count(Facet::rank_class);
  out.by_type = count(Facet::type);
  out.by_grade = count(Facet::grade);
  std::vector<uint64_t> hit_sets(items.hit_sets.size());
  for (const uint32_t set : items.column(Facet::list)) ++hit_sets[set];
  for (size_t set = 0; set < hit_sets.size(); ++set) {
    // An item counts once for a list and category, however many dispositions it has there.
    std::set<std::pair<std::string, std::string>> once;
    for (const ListedAs& hit : items.hit_sets[set].hits) once.emplace(hit.list, hit.category);
    for (const auto& name : once) out.by_list[name] += hit_sets[set];
  }
  DayCounter modified;
  DayCounter decided;
  for (const int64_t time : items.modified_ns) {
    if (time != kNoTime) modified.add(day_of(time));
  }
  for (const int32_t day : decisions.decided_day) {
    if (day != kNeverDecided) decided.add(day);
  }
  out.by_month = modified.by_text(kMonthLength);
  out.decided_by_day = decided.by_text(kDayLength);
  QueueFilter open;
  (void)open.add("state", to_text(ReviewState::open));
  out.left = list_items(items, CompiledFilter(items, decisions, open, {})).cards.size();
  return out;
}

std::optional<std::string> folder_name(const ItemTable& items, std::string_view mark) {
  const auto folder = items.words(Facet::folder).find(mark);
  if (!folder) return std::nullopt;
  return name_of(items, items.folders[*folder]);
}

}  // namespace safelight::serve
