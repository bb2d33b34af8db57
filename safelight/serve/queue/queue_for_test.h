#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "safelight/serve/queue/case_queue.h"

namespace safelight::serve::testing {

/// A card with texts of its own.
struct TestItem {
  std::string path = {};
  size_t name_at = 0;
  std::string source = "S1";
  std::string rank_class = "unmatched";
  std::string key = {};
  std::optional<size_t> shown_with = {};  ///< The number of another item.
  std::vector<ListedAs> lists = {};
  uint32_t grades = 0;  ///< As Card::grades.
  std::string type = "jpeg";
  std::optional<uint64_t> size_bytes = 1000;
  std::optional<int64_t> modified_ns = {};
  casefile::TimeZoneKnowledge modified_zone = {};
  ItemId id = {};
};

inline ItemId test_id(size_t number) {
  ItemId out;
  // Spread, so that ids are in another order than numbers.
  const uint64_t spread = (number + 1) * 0x9e3779b97f4a7c15;
  for (size_t i = 0; i < 8; ++i) {
    out.value.bytes[i] = static_cast<uint8_t>(spread >> (8 * i));
    out.value.bytes[31 - i] = static_cast<uint8_t>(number >> (8 * i));
  }
  return out;
}

/// A case in memory, which tests change as they go.
struct TestCase {
  std::vector<TestItem> items;
  std::vector<casefile::StoredAct> acts;
  ReviewRules rules{default_scheme(), {}};
  uint64_t version = 1;
  uint64_t cards_version = 1;

  /// Its number is how others call it.
  size_t add(TestItem item) {
    item.id = test_id(items.size());
    item.name_at = item.path.find_last_of("/!") + 1;
    items.push_back(std::move(item));
    cards_version = ++version;
    return items.size() - 1;
  }

  const casefile::StoredAct& act(casefile::Act act, std::vector<ItemId> about) {
    const uint64_t number = acts.size() + 1;
    acts.push_back({number, static_cast<int64_t>(number) * 3'600'000'000'000, std::move(act),
                    std::move(about)});
    ++version;
    return acts.back();
  }
  const casefile::StoredAct& decide(const std::string& person, const std::string& category,
                                    std::vector<ItemId> about) {
    return act({casefile::ActKind::category, person, category, "", {}}, std::move(about));
  }
};

class TestSource final : public QueueSource {
 public:
  explicit TestSource(const TestCase& of) : case_(of) {}

  [[nodiscard]] std::string case_id() const override { return "a case"; }
  [[nodiscard]] uint64_t version() const override { return case_.version; }
  [[nodiscard]] uint64_t cards_version() const override { return case_.cards_version; }
  void for_each_card(const std::function<void(const casefile::Card&)>& use) const override {
    for (size_t i = 0; i < case_.items.size(); ++i) {
      const TestItem& item = case_.items[i];
      casefile::Card card;
      card.item = item.id;
      card.row = static_cast<int64_t>(i) + 1;
      card.path = item.path;
      card.name_at = item.name_at;
      card.source = item.source;
      card.size_bytes = item.size_bytes;
      if (item.modified_ns) card.modified = {*item.modified_ns, item.modified_zone};
      card.format = item.type;
      card.width = 640;
      card.height = 480;
      card.grades = item.grades;
      std::vector<casefile::CardHit> hits;
      for (const ListedAs& hit : item.lists) {
        hits.push_back({hit.list, hit.category, hit.disposition});
      }
      card.hits = hits;
      card.rank_class = item.rank_class;
      card.key = item.key;
      if (item.shown_with) card.shown_with = static_cast<int64_t>(*item.shown_with) + 1;
      use(card);
    }
  }
  void for_each_act(uint64_t after,
                    const std::function<void(const casefile::StoredAct&)>& use) const override {
    for (size_t i = after; i < case_.acts.size(); ++i) use(case_.acts[i]);
  }
  [[nodiscard]] ReviewRules rules() const override { return case_.rules; }

 private:
  const TestCase& case_;
};

/// `of` outlives it.
inline std::unique_ptr<CaseQueue> queue_of(const TestCase& of) {
  return std::make_unique<CaseQueue>(std::make_unique<TestSource>(of));
}

/// A filter of parts such as {"state", "open"}.
inline QueueFilter filter_of(
    const std::vector<std::pair<std::string_view, std::string_view>>& parts) {
  QueueFilter out;
  for (const auto& [name, value] : parts) {
    if (!out.add(name, value)) throw std::invalid_argument(std::string(name));
  }
  return out;
}

}  // namespace safelight::serve::testing
