#include "safelight/serve/queue/case_queue.h"

#include <algorithm>
#include <cassert>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "safelight/decisions/decisions.h"
#include "safelight/serve/queue/internal/answer_cache.h"
#include "safelight/serve/queue/internal/compiled_filter.h"
#include "safelight/serve/queue/internal/count_queue.h"
#include "safelight/serve/queue/internal/decision_table.h"
#include "safelight/serve/queue/internal/item_table.h"
#include "safelight/serve/queue/internal/kept_searches.h"

namespace safelight::serve {
namespace {

/// Of a million cards a list has 4 MB.
constexpr size_t kKeptLists = 16;
constexpr size_t kKeptCounts = 16;

std::vector<casefile::StoredAct> acts_after(const QueueSource& source, uint64_t after) {
  std::vector<casefile::StoredAct> out;
  source.for_each_act(after, [&](const casefile::StoredAct& act) { out.push_back(act); });
  return out;
}

}  // namespace

class CaseQueue::State {
 public:
  explicit State(std::unique_ptr<const QueueSource> source)
      : source_(std::move(source)),
        searches_(source_->case_id()),
        cards_version_(source_->cards_version()),
        version_(source_->version()) {
    rules_ = source_->rules();
    items_ = std::make_unique<const ItemTable>(ItemTable::load(*source_));
    source_->for_each_act(0, [&](const casefile::StoredAct& act) { decisions_.add(act); });
    decided_ = std::make_unique<DecisionTable>(*items_, decisions_, rules_);
  }

  /// Of one state of the queue, while it lasts.
  template <typename Read>
  auto read(const Read& use) const {
    const std::shared_lock lock(mutex_);
    return use(*this);
  }

  [[nodiscard]] std::shared_ptr<const FilteredList> list(const QueueFilter& filter) const {
    AsOf as_of = as_of_;
    if (!depends_on_decisions(filter)) as_of.decisions = 0;
    return lists_.get(to_text(filter), as_of,
                      [&] { return list_items(*items_, compiled(filter)); });
  }

  [[nodiscard]] std::shared_ptr<const QueueCounts> counts(const QueueFilter& filter) const {
    return counts_.get(to_text(filter), as_of_,
                       [&] { return count_queue(*items_, *decided_, filter, compiled(filter)); });
  }

  [[nodiscard]] std::shared_ptr<const QueueCharts> charts() const {
    return charts_.get("", as_of_, [&] { return chart_queue(*items_, *decided_); });
  }

  [[nodiscard]] CardFacts facts(ItemPlace place) const {
    CardFacts out = items_->facts(place);
    out.decision = decisions_.of(out.item);
    out.second_look = second_look_of(out.decision, rules_);
    return out;
  }

  std::vector<ItemId> apply(const casefile::StoredAct& act) {
    const std::unique_lock lock(mutex_);
    if (act.number <= decisions_.last_act()) return decisions_.items_of(act.number);
    auto changed = add(act);
    ++version_;
    return changed;
  }

  void use_rules(const ReviewRules& rules) {
    const std::unique_lock lock(mutex_);
    rules_ = rules;
    ++rules_set_;
    ++version_;
    decide_all();
  }

  bool reload() {
    const std::lock_guard one_at_a_time(reloading_);
    const uint64_t cards_version = source_->cards_version();
    if (cards_version == cards_version_) return false;
    const uint64_t version = source_->version();
    const uint64_t rules_set = read([](const State& state) { return state.rules_set_; });
    ReviewRules rules = source_->rules();
    auto items = std::make_unique<const ItemTable>(ItemTable::load(*source_));
    uint64_t seen = 0;
    auto decided = read([&](const State& state) {
      seen = state.decisions_.last_act();
      return std::make_unique<DecisionTable>(*items, state.decisions_, rules);
    });
    const auto acts = acts_after(*source_, seen);
    // What was there goes once nobody waits for it.
    const std::unique_lock lock(mutex_);
    items_.swap(items);
    decided_.swap(decided);
    if (rules_set_ == rules_set) {
      rules_ = std::move(rules);
    } else {
      decide_all();
    }
    for (uint64_t act = seen + 1; act <= decisions_.last_act(); ++act) {
      decide(decisions_.items_of(act));
    }
    for (const casefile::StoredAct& act : acts) {
      if (act.number > decisions_.last_act()) add(act);
    }
    version_ = std::max(version_ + 1, version);
    ++as_of_.items;
    cards_version_ = cards_version;
    lists_.clear();
    counts_.clear();
    return true;
  }

  [[nodiscard]] const ItemTable& items() const { return *items_; }
  [[nodiscard]] const Decisions& decisions() const { return decisions_; }
  [[nodiscard]] const ReviewRules& rules() const { return rules_; }
  [[nodiscard]] uint64_t version() const { return version_; }
  KeptSearches& searches() { return searches_; }

 private:
  [[nodiscard]] CompiledFilter compiled(const QueueFilter& filter) const {
    return {*items_, *decided_, filter, searches_.find(filter.search)};
  }

  std::vector<ItemId> add(const casefile::StoredAct& act) {
    assert(act.number == decisions_.last_act() + 1);
    decisions_.add(act);
    auto changed = decisions_.items_of(act.number);
    decide(changed);
    return changed;
  }

  void decide(const std::vector<ItemId>& items) {
    for (const ItemId& item : items) {
      if (const auto place = items_->find(item)) decided_->set(*place, decisions_.of(item), rules_);
    }
    ++as_of_.decisions;
  }

  void decide_all() {
    *decided_ = DecisionTable(*items_, decisions_, rules_);
    ++as_of_.decisions;
  }

  const std::unique_ptr<const QueueSource> source_;
  mutable KeptSearches searches_;
  std::mutex reloading_;
  uint64_t cards_version_ = 0;       ///< Of `items_`; used by who reloads.
  mutable std::shared_mutex mutex_;  ///< Of all below but the caches.
  uint64_t version_ = 0;
  ReviewRules rules_;
  uint64_t rules_set_ = 0;  ///< Counts use_rules().
  std::unique_ptr<const ItemTable> items_;
  Decisions decisions_;
  std::unique_ptr<DecisionTable> decided_;
  AsOf as_of_{1, 1};
  mutable AnswerCache<FilteredList> lists_{kKeptLists};
  mutable AnswerCache<QueueCounts> counts_{kKeptCounts};
  mutable AnswerCache<QueueCharts> charts_{1};
};

std::unique_ptr<CaseQueue> CaseQueue::open(const std::filesystem::path& directory) {
  return std::make_unique<CaseQueue>(case_source(directory));
}

CaseQueue::CaseQueue(std::unique_ptr<const QueueSource> source)
    : state_(std::make_unique<State>(std::move(source))) {}
CaseQueue::~CaseQueue() = default;

uint64_t CaseQueue::version() const {
  return state_->read([](const State& state) { return state.version(); });
}

uint64_t CaseQueue::items() const {
  return state_->read([](const State& state) { return uint64_t{state.items().size()}; });
}

QueuePage CaseQueue::page(const QueueFilter& filter, uint64_t from, uint64_t count) const {
  return state_->read([&](const State& state) {
    const auto list = state.list(filter);
    QueuePage out{state.version(), list->cards.size(), list->items, from, {}};
    const uint64_t begin = std::min<uint64_t>(from, list->cards.size());
    const uint64_t end = begin + std::min({count, kMaxPageCards, list->cards.size() - begin});
    out.cards.reserve(end - begin);
    for (uint64_t i = begin; i < end; ++i) out.cards.push_back(state.facts(list->cards[i]));
    return out;
  });
}

QueueCounts CaseQueue::counts(const QueueFilter& filter) const {
  return state_->read([&](const State& state) {
    QueueCounts out = *state.counts(filter);
    out.version = state.version();
    return out;
  });
}

QueueCharts CaseQueue::charts() const {
  return state_->read([](const State& state) {
    QueueCharts out = *state.charts();
    out.version = state.version();
    return out;
  });
}

std::optional<uint64_t> CaseQueue::place(const QueueFilter& filter, const ItemId& item) const {
  return state_->read([&](const State& state) -> std::optional<uint64_t> {
    const auto place = state.items().find(item);
    if (!place) return std::nullopt;
    const auto list = state.list(filter);
    const ItemPlace card = state.items().leader[*place];
    const auto found = std::lower_bound(list->cards.begin(), list->cards.end(), card);
    if (found == list->cards.end() || *found != card) return std::nullopt;
    return static_cast<uint64_t>(found - list->cards.begin());
  });
}

bool CaseQueue::holds(const ItemId& item) const {
  return state_->read([&](const State& state) { return state.items().find(item).has_value(); });
}

std::optional<CardFacts> CaseQueue::card(const ItemId& item) const {
  return state_->read([&](const State& state) -> std::optional<CardFacts> {
    const auto place = state.items().find(item);
    if (!place) return std::nullopt;
    return state.facts(*place);
  });
}

std::vector<ItemId> CaseQueue::members(const ItemId& item) const {
  return state_->read([&](const State& state) -> std::vector<ItemId> {
    const auto place = state.items().find(item);
    if (!place) return {};
    const auto [first, end] = state.items().group_of(*place);
    return {state.items().ids.begin() + first, state.items().ids.begin() + end};
  });
}

std::vector<ItemId> CaseQueue::apply(const casefile::StoredAct& act) { return state_->apply(act); }

uint64_t CaseQueue::last_act() const {
  return state_->read([](const State& state) { return state.decisions().last_act(); });
}

ItemDecision CaseQueue::decision(const ItemId& item) const {
  return state_->read([&](const State& state) { return state.decisions().of(item); });
}

std::optional<uint64_t> CaseQueue::undoable(std::string_view person) const {
  return state_->read([&](const State& state) { return state.decisions().undoable(person); });
}

std::optional<uint64_t> CaseQueue::redoable(std::string_view person) const {
  return state_->read([&](const State& state) { return state.decisions().redoable(person); });
}

ReviewRules CaseQueue::rules() const {
  return state_->read([](const State& state) { return state.rules(); });
}

void CaseQueue::use_rules(const ReviewRules& rules) { state_->use_rules(rules); }

bool CaseQueue::reload() { return state_->reload(); }

std::string CaseQueue::keep_search(std::string_view text) const {
  return state_->searches().keep(text);
}

std::optional<std::string> CaseQueue::folder_name(std::string_view mark) const {
  return state_->read([&](const State& state) { return serve::folder_name(state.items(), mark); });
}

}  // namespace safelight::serve
