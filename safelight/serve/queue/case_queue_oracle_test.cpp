// Pages, places, counts and charts of random cases, acts and filters against a plain way to have
// them: every item is asked by its texts, each time.

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <set>

#include "safelight/serve/queue/case_queue.h"
#include "safelight/serve/queue/queue_for_test.h"

namespace safelight::serve {
namespace {

using casefile::ActKind;
using testing::queue_of;
using testing::TestCase;
using testing::TestItem;

constexpr int64_t kDayNs = 86'400'000'000'000;

const std::vector<std::string> kClasses = {
    "resembles_known", "review", "known_sample", "beside_known", "not_examined", "partly_examined",
    "unmatched",       "",       "known",        "ordinary"};
const std::vector<std::string> kGrades = {
    "none", "weak", "declared", "watermark", "verified", "verified-trusted", "contradicted"};

class Random {
 public:
  explicit Random(uint64_t seed) : random_(seed) {}
  size_t below(size_t end) { return random_() % end; }
  bool one_in(size_t count) { return below(count) == 0; }
  template <typename T>
  const T& of(const std::vector<T>& values) {
    return values[below(values.size())];
  }

 private:
  std::mt19937_64 random_;
};

void make_items(Random& random, size_t count, TestCase& out) {
  const std::vector<std::string> folders = {"", "Pictures/", "a!/", "a/b/c/", "x.zip!in/"};
  for (size_t i = 0; i < count; ++i) {
    TestItem item;
    item.path = random.of(folders) + "Name" + std::to_string(random.below(40)) + ".JPG";
    item.source = random.one_in(3) ? "S2" : "S1";
    item.rank_class = random.of(kClasses);
    item.key = std::string(random.below(3), static_cast<char>(random.below(256)));
    if (i > 0 && random.one_in(2)) item.shown_with = random.below(std::min<size_t>(i, 9) + 1);
    for (size_t hits = random.below(6); hits > 3; --hits) {
      item.lists.push_back({random.one_in(2) ? "charts" : "drawings", std::to_string(hits),
                            random.one_in(2) ? Disposition::review : Disposition::known});
    }
    if (random.one_in(2)) item.grades = static_cast<uint32_t>(random.below(128)) & ~1U;
    item.type = random.of(std::vector<std::string>{"jpeg", "png", ""});
    item.size_bytes = random.below(5);
    if (random.one_in(5)) item.size_bytes = std::nullopt;
    item.modified_ns = static_cast<int64_t>(random.below(6 * kDayNs)) - 2 * kDayNs;
    if (random.one_in(5)) item.modified_ns = std::nullopt;
    out.add(item);
  }
}

void do_something(Random& random, TestCase& out, const CaseQueue& queue) {
  const std::string person = random.of(std::vector<std::string>{"ada", "bo", "cy"});
  const auto kind = random.of(
      std::vector<ActKind>{ActKind::category, ActKind::category, ActKind::category, ActKind::flag,
                           ActKind::unflag, ActKind::note, ActKind::pass_on, ActKind::take_back,
                           ActKind::undo, ActKind::redo, ActKind::settle});
  casefile::Act act{kind, person, "", "", {}};
  std::vector<ItemId> about;
  if (kind == ActKind::undo) act.of_act = queue.undoable(person);
  if (kind == ActKind::redo) act.of_act = queue.redoable(person);
  if (kind == ActKind::category || kind == ActKind::settle) {
    act.value = random.of(std::vector<std::string>{"", "1", "2", "3", "new"});
  } else if (kind == ActKind::flag || kind == ActKind::unflag) {
    act.value = "urgent";
  }
  if (kind != ActKind::undo && kind != ActKind::redo) {
    for (size_t i = random.below(20); i > 0; --i) about.push_back(random.of(out.items).id);
    std::sort(about.begin(), about.end());
    about.erase(std::unique(about.begin(), about.end()), about.end());
  }
  out.act(act, about);
}

/// The slow way.
class Plain {
 public:
  Plain(const TestCase& of, const std::map<std::string, std::string>& searches)
      : case_(of), searches_(searches) {
    for (const casefile::StoredAct& act : of.acts) decisions_.add(act);
    for (size_t i = 0; i < of.items.size(); ++i) order_.push_back(i);
    std::sort(order_.begin(), order_.end(),
              [&](size_t a, size_t b) { return standing(a) < standing(b); });
  }

  [[nodiscard]] size_t leader(size_t item) const {
    const auto& other = case_.items[item].shown_with;
    const bool leads = other && *other < case_.items.size() && !case_.items[*other].shown_with;
    return leads ? *other : item;
  }
  [[nodiscard]] const std::vector<size_t>& order() const { return order_; }
  [[nodiscard]] const Decisions& decisions() const { return decisions_; }

  [[nodiscard]] std::set<std::string> values(size_t number, Facet facet) const {
    const TestItem& item = case_.items[number];
    const ItemDecision decision = decisions_.of(item.id);
    std::set<std::string> out;
    switch (facet) {
      case Facet::state:
        for (size_t i = 0; i < kReviewStates; ++i) {
          if ((states_of(decision, case_.rules) >> i & 1) != 0) {
            out.emplace(to_text(static_cast<ReviewState>(i)));
          }
        }
        break;
      case Facet::rank_class:
        out.insert(item.rank_class.empty() ? "unranked" : item.rank_class);
        break;
      case Facet::list:
        for (const ListedAs& hit : item.lists) out.insert(hit.list);
        break;
      case Facet::category:
        if (decision.decided() != nullptr) out.insert(decision.decided()->category);
        break;
      case Facet::grade: {
        size_t strongest = 0;
        for (size_t i = 1; i < kGrades.size(); ++i) {
          if ((item.grades >> i & 1) != 0) strongest = i;
        }
        out.insert(kGrades[strongest]);
        break;
      }
      case Facet::type:
        out.insert(item.type.empty() ? "unknown" : item.type);
        break;
      case Facet::source:
        out.insert(item.source);
        break;
      case Facet::folder: {
        const std::string folder = item.path.substr(0, item.path.find_last_of("/!") + 1);
        out.insert(item.source + ": " +
                   (folder.empty() ? "/" : folder.substr(0, folder.size() - 1)));
        break;
      }
    }
    return out;
  }

  /// `filter` has names of folders instead of marks.
  [[nodiscard]] bool fits(size_t number, const QueueFilter& filter,
                          std::optional<Facet> except = {}) const {
    const TestItem& item = case_.items[number];
    for (size_t i = 0; i < kFacets; ++i) {
      const auto facet = static_cast<Facet>(i);
      if (facet == except || filter[facet].empty()) continue;
      const auto have = values(number, facet);
      if (std::none_of(filter[facet].begin(), filter[facet].end(),
                       [&](const std::string& value) { return have.contains(value); })) {
        return false;
      }
    }
    const bool set_aside = item.rank_class == "known" || item.rank_class == "ordinary";
    if (filter.known == KnownItems::hidden && set_aside) return false;
    if ((filter.size_min || filter.size_max) && !item.size_bytes) return false;
    if (filter.size_min && *item.size_bytes < *filter.size_min) return false;
    if (filter.size_max && *item.size_bytes > *filter.size_max) return false;
    if ((filter.after || filter.before) && !item.modified_ns) return false;
    const auto day = [&] {
      return std::chrono::floor<std::chrono::days>(std::chrono::sys_time<std::chrono::nanoseconds>(
          std::chrono::nanoseconds(*item.modified_ns)));
    };
    if (filter.after && day() < *filter.after) return false;
    if (filter.before && day() > *filter.before) return false;
    if (filter.search.empty()) return true;
    std::string lower = item.path;
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const std::string& text = searches_.at(filter.search);
    return lower.find(text) != std::string::npos || to_hex(item.id.value).starts_with(text);
  }

 private:
  [[nodiscard]] std::tuple<size_t, std::string, ItemId> own(size_t number) const {
    const TestItem& item = case_.items[number];
    const auto rank_class = std::find(kClasses.begin(), kClasses.end(), item.rank_class);
    return {static_cast<size_t>(rank_class - kClasses.begin()), item.key, item.id};
  }
  [[nodiscard]] std::tuple<std::tuple<size_t, std::string, ItemId>, bool,
                           std::tuple<size_t, std::string, ItemId>>
  standing(size_t number) const {
    return {own(leader(number)), leader(number) != number, own(number)};
  }

  const TestCase& case_;
  const std::map<std::string, std::string>& searches_;
  Decisions decisions_;
  std::vector<size_t> order_;
};

class CaseQueueOracle : public ::testing::TestWithParam<uint64_t> {
 protected:
  CaseQueueOracle() {
    make_items(random_, 40 + random_.below(260), case_);
    case_.rules.policy.second_look = random_.one_in(2);
    queue_ = queue_of(case_);
    const QueueCounts counts = queue_->counts(testing::filter_of({{"known", "shown"}}));
    folders_ = counts.folders;
    for (const char* text : {"name1", "a/b", "c/name", "!in/na", "/", "no such text"}) {
      searches_[queue_->keep_search(text)] = text;
    }
    const std::string id = to_hex(case_.items[0].id.value).substr(0, 8);
    searches_[queue_->keep_search(id)] = id;
  }

  QueueFilter filter() {
    QueueFilter out;
    const auto add = [&](std::string_view name, const std::vector<std::string>& values) {
      if (!random_.one_in(4)) return;
      for (size_t i = 1 + random_.below(2); i > 0; --i) {
        EXPECT_TRUE(out.add(name, random_.of(values)));
      }
    };
    add("state", {"open", "decided", "flagged", "passed", "conflict", "second_look", "nonsense"});
    add("class", {"review", "unmatched", "unranked", "known", "ordinary", "beside_known"});
    add("list", {"charts", "drawings", "nonsense"});
    add("category", {"1", "2", "3", "new"});
    add("grade", kGrades);
    add("type", {"jpeg", "png", "unknown"});
    add("source", {"S1", "S2"});
    add("known", {"shown"});
    add("size_min", {"1", "2"});
    add("size_max", {"2", "3"});
    add("after", {"1969-12-31", "1970-01-01"});
    add("before", {"1970-01-01", "1970-01-02"});
    std::vector<std::string> marks = {"nonsense"};
    for (const auto& [mark, name] : folders_) marks.push_back(mark);
    add("folder", marks);
    std::vector<std::string> searches;
    for (const auto& [mark, text] : searches_) searches.push_back(mark);
    add("search", searches);
    return out;
  }

  /// For the plain way: folders by their names, which tests do not mark.
  [[nodiscard]] QueueFilter with_names(QueueFilter filter) const {
    for (std::string& mark : filter.wanted[static_cast<size_t>(Facet::folder)]) {
      if (const auto found = folders_.find(mark); found != folders_.end()) mark = found->second;
    }
    return filter;
  }

  void expect_same(const Plain& plain, const QueueFilter& filter) {
    const QueueFilter named = with_names(filter);
    std::vector<ItemId> cards;
    size_t items = 0;
    for (const size_t item : plain.order()) {
      if (!plain.fits(item, named)) continue;
      ++items;
      const ItemId& card = case_.items[plain.leader(item)].id;
      if (cards.empty() || cards.back() != card) cards.push_back(card);
    }
    const QueuePage page = queue_->page(filter, 0, kMaxPageCards);
    ASSERT_EQ(page.total, cards.size()) << to_text(filter);
    EXPECT_EQ(page.items_total, items);
    for (size_t i = 0; i < page.cards.size(); ++i) {
      ASSERT_EQ(page.cards[i].item, cards[i]) << to_text(filter) << i;
      EXPECT_EQ(page.cards[i].decision, plain.decisions().of(cards[i]));
    }
    for (size_t i = 0; i < case_.items.size(); i += 7) {
      const ItemId& card = case_.items[plain.leader(i)].id;
      const auto found = std::find(cards.begin(), cards.end(), card);
      const auto place = queue_->place(filter, case_.items[i].id);
      ASSERT_EQ(place.has_value(), found != cards.end());
      if (!place) continue;
      EXPECT_EQ(*place, static_cast<size_t>(found - cards.begin()));
    }
    expect_same_counts(plain, filter, named);
  }

  void expect_same_counts(const Plain& plain, const QueueFilter& filter, const QueueFilter& named) {
    const QueueCounts counts = queue_->counts(filter);
    for (size_t i = 0; i < kFacets; ++i) {
      const auto facet = static_cast<Facet>(i);
      std::map<std::string, std::set<size_t>> cards;
      for (const size_t item : plain.order()) {
        if (!plain.fits(item, named, facet)) continue;
        for (const std::string& value : plain.values(item, facet)) {
          cards[value].insert(plain.leader(item));
        }
      }
      std::map<std::string, size_t> expected;
      for (const auto& [value, of_value] : cards) expected[value] = of_value.size();
      std::map<std::string, size_t> got;
      for (const auto& [value, count] : counts[facet]) {
        got[facet == Facet::folder ? counts.folders.at(value) : value] = count;
      }
      EXPECT_EQ(got, expected) << to_text(filter) << " " << to_text(facet);
    }
  }

  Random random_{GetParam()};
  TestCase case_;
  std::unique_ptr<CaseQueue> queue_;
  std::map<std::string, std::string> folders_;
  std::map<std::string, std::string> searches_;
};

TEST_P(CaseQueueOracle, AnswersAsThePlainWayDoes) {
  for (int round = 0; round < 6; ++round) {
    const Plain plain(case_, searches_);
    for (int i = 0; i < 12; ++i) expect_same(plain, filter());
    expect_same(plain, {});
    const uint64_t left = queue_->page(testing::filter_of({{"state", "open"}}), 0, 0).total;
    EXPECT_EQ(queue_->charts().left, left);
    for (int i = 0; i < 10; ++i) {
      do_something(random_, case_, *queue_);
      queue_->apply(case_.acts.back());
    }
    if (round == 3) {
      make_items(random_, 20, case_);
      EXPECT_TRUE(queue_->reload());
      folders_ = queue_->counts(testing::filter_of({{"known", "shown"}})).folders;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, CaseQueueOracle, ::testing::Range<uint64_t>(1, 13));

}  // namespace
}  // namespace safelight::serve
