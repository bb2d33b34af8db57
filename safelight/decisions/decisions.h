#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "safelight/casefile/act.h"

namespace safelight {

/// What one person last said of an item, as far as it stands.
struct Opinion {
  std::string category;  ///< A code of the case's scheme.
  std::string person;
  uint64_t act = 0;
  int64_t time_ns = 0;
  friend bool operator==(const Opinion&, const Opinion&) = default;
};

/// What the acts that stand make of an item.
struct ItemDecision {
  std::vector<Opinion> opinions;  ///< One a person, the latest last.
  /// Whether two persons said different things, and nobody has settled it since.
  bool is_conflict = false;
  /// Whether somebody settled it, and nobody has said otherwise since.
  bool is_settled = false;
  bool is_passed_on = false;
  std::vector<std::string> flags;  ///< Sorted.
  uint32_t notes = 0;
  uint64_t last_act = 0;  ///< That is about the item.

  /// The latest opinion: what the item counts as. Null where nobody said anything.
  [[nodiscard]] const Opinion* decided() const {
    return opinions.empty() ? nullptr : &opinions.back();
  }
  /// How many persons said what decided() says.
  [[nodiscard]] size_t agreeing() const;
  /// Whether nothing about it stands.
  [[nodiscard]] bool is_empty() const;
  friend bool operator==(const ItemDecision&, const ItemDecision&) = default;
};

/// Folds the acts of a case, in their order, into what each item is decided to be. An act stands
/// unless it is undone. Memory grows by some 50 bytes with each act, 12 with each item that it is
/// about, and 100 with each item.
class Decisions {
 public:
  /// The act that comes next: its number is one more than last_act(). An undo or redo of what is no
  /// act of the same person changes nothing.
  void add(const casefile::StoredAct& act);

  /// What stands of an item.
  [[nodiscard]] ItemDecision of(const ItemId& item) const;
  /// The numbers of the notes about an item that stand, ascending. Their texts are in the case.
  [[nodiscard]] std::vector<uint64_t> notes_of(const ItemId& item) const;
  /// The items that an act is about; of undo and redo those of the act that is undone or redone.
  [[nodiscard]] std::vector<ItemId> items_of(uint64_t act) const;

  /// What a person could undo next, or redo: what they did last that stands, and what they undid
  /// last since they last did anything else. Nothing where there is no such act.
  [[nodiscard]] std::optional<uint64_t> undoable(std::string_view person) const;
  [[nodiscard]] std::optional<uint64_t> redoable(std::string_view person) const;

  [[nodiscard]] uint64_t last_act() const { return acts_.size(); }

 private:
  /// Of an act, by its number less 1.
  struct KeptAct {
    int64_t time_ns = 0;
    uint64_t of_act = 0;      ///< 0 for none.
    uint32_t first_item = 0;  ///< In entries_.
    uint32_t items = 0;
    uint32_t person = 0;  ///< In texts_, as `value`.
    uint32_t value = 0;
    casefile::ActKind kind = casefile::ActKind::category;
    bool stands = false;
  };
  /// That an act is about an item; those of an item are chained, the latest first.
  struct Entry {
    uint32_t item = 0;  ///< In items_.
    uint32_t act = 0;
    uint32_t before = kNone;
  };
  struct KnownItem {
    ItemId id;
    uint32_t latest = kNone;  ///< In entries_.
  };
  struct Person {
    std::vector<uint64_t> done;
    std::vector<uint64_t> undone;
  };
  static constexpr uint32_t kNone = 0xffffffff;

  uint32_t text_number(const std::string& text);
  void keep(const casefile::StoredAct& act);
  void turn(const casefile::StoredAct& act);
  /// Calls `use` with each entry of the item, the latest first.
  template <typename Use>
  void for_each_entry(const ItemId& item, const Use& use) const;

  std::vector<KeptAct> acts_;
  std::vector<Entry> entries_;
  std::vector<KnownItem> items_;
  std::unordered_map<ItemId, uint32_t> item_numbers_;
  std::vector<std::string> texts_;
  std::unordered_map<std::string, uint32_t> text_numbers_;
  std::map<std::string, Person, std::less<>> persons_;
};

}  // namespace safelight
