#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/casefile/act.h"
#include "safelight/serve/queue/card_facts.h"
#include "safelight/serve/queue/queue_answers.h"
#include "safelight/serve/queue/queue_filter.h"
#include "safelight/serve/queue/queue_source.h"
#include "safelight/serve/queue/review_state.h"

namespace safelight::serve {

/// The queue of one case, in memory: cards in the order of review, filtered, counted and paged. A
/// card stands for a group: an item and those that are shown with it. It is in a filtered queue
/// where any item of its group fits the filter, and shows the item that stands for the group.
///
/// Every answer has a version, which rises with each act, load and change of rules, and over
/// restarts too. Two pages of one version are of one list. A page of a higher version may be of a
/// list that has moved: the caller asks again for what it still shows.
///
/// Safe from many threads: answers are given side by side, what changes waits for them. About 110
/// bytes an item and its name, 4 for a card in each of the lists that are kept; twice that while
/// reload() lasts.
class CaseQueue {
 public:
  /// Throws Fault where the case cannot be read.
  static std::unique_ptr<CaseQueue> open(const std::filesystem::path& directory);
  explicit CaseQueue(std::unique_ptr<const QueueSource> source);
  ~CaseQueue();

  [[nodiscard]] uint64_t version() const;
  [[nodiscard]] uint64_t items() const;

  /// At most kMaxPageCards of the cards that the filter leaves, from the place `from` on.
  [[nodiscard]] QueuePage page(const QueueFilter& filter, uint64_t from, uint64_t count) const;
  [[nodiscard]] QueueCounts counts(const QueueFilter& filter) const;
  [[nodiscard]] QueueCharts charts() const;
  /// The place of the card that stands for an item, counted from 0; nothing where the filter leaves
  /// it out.
  [[nodiscard]] std::optional<uint64_t> place(const QueueFilter& filter, const ItemId& item) const;

  [[nodiscard]] bool holds(const ItemId& item) const;
  /// Of the item itself, whoever stands for it; nothing for one that is not in the queue.
  [[nodiscard]] std::optional<CardFacts> card(const ItemId& item) const;
  /// The items of its group, the one that stands for them first.
  [[nodiscard]] std::vector<ItemId> members(const ItemId& item) const;

  /// Takes an act that the case has on record, and gives the items that it is about. Acts come in
  /// their order; one that was taken before changes nothing.
  std::vector<ItemId> apply(const casefile::StoredAct& act);
  [[nodiscard]] uint64_t last_act() const;
  [[nodiscard]] ItemDecision decision(const ItemId& item) const;
  /// As Decisions.
  [[nodiscard]] std::optional<uint64_t> undoable(std::string_view person) const;
  [[nodiscard]] std::optional<uint64_t> redoable(std::string_view person) const;

  [[nodiscard]] ReviewRules rules() const;
  /// Once they are on record in the case.
  void use_rules(const ReviewRules& rules);

  /// Reads the case again where its evidence or the order of review has changed; says whether it
  /// has. Others are served from what was read before until it is done. Throws Fault, and then
  /// everything is as it was.
  bool reload();

  /// A mark by which filters look for `text` in paths, without regard to the case of ASCII letters,
  /// or for an item by the first 8 or more digits of its id. It looks for nothing (and finds
  /// nothing) once kMaxKeptSearches other texts have been looked for since.
  std::string keep_search(std::string_view text) const;
  /// What a mark of Facet::folder stands for: a path, with its source where there are several.
  [[nodiscard]] std::optional<std::string> folder_name(std::string_view mark) const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

inline constexpr uint64_t kMaxPageCards = 500;

}  // namespace safelight::serve
