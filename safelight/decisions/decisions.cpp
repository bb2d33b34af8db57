#include "safelight/decisions/decisions.h"

#include <algorithm>
#include <cassert>
#include <set>

namespace safelight {

using casefile::ActKind;
using casefile::StoredAct;

size_t ItemDecision::agreeing() const {
  const Opinion* last = decided();
  if (last == nullptr) return 0;
  return static_cast<size_t>(
      std::count_if(opinions.begin(), opinions.end(),
                    [&](const Opinion& one) { return one.category == last->category; }));
}

bool ItemDecision::is_empty() const {
  return opinions.empty() && !is_passed_on && flags.empty() && notes == 0;
}

uint32_t Decisions::text_number(const std::string& text) {
  const auto [found, is_new] = text_numbers_.emplace(text, static_cast<uint32_t>(texts_.size()));
  if (is_new) texts_.push_back(text);
  return found->second;
}

void Decisions::add(const StoredAct& act) {
  assert(act.number == acts_.size() + 1);
  keep(act);
  if (act.act.kind == ActKind::undo || act.act.kind == ActKind::redo) {
    turn(act);
    return;
  }
  acts_.back().stands = true;
  Person& person = persons_[act.act.person];
  person.done.push_back(act.number);
  person.undone.clear();
}

void Decisions::keep(const StoredAct& act) {
  KeptAct kept;
  kept.time_ns = act.time_ns;
  kept.of_act = act.act.of_act.value_or(0);
  kept.first_item = static_cast<uint32_t>(entries_.size());
  kept.items = static_cast<uint32_t>(act.items.size());
  kept.person = text_number(act.act.person);
  kept.value = text_number(act.act.value);
  kept.kind = act.act.kind;
  const auto number = static_cast<uint32_t>(acts_.size());
  for (const ItemId& id : act.items) {
    const auto [found, is_new] = item_numbers_.emplace(id, static_cast<uint32_t>(items_.size()));
    if (is_new) items_.push_back({id, kNone});
    KnownItem& item = items_[found->second];
    entries_.push_back({found->second, number, item.latest});
    item.latest = static_cast<uint32_t>(entries_.size() - 1);
  }
  acts_.push_back(kept);
}

void Decisions::turn(const StoredAct& act) {
  const uint64_t of = act.act.of_act.value_or(0);
  if (of == 0 || of >= act.number) return;
  KeptAct& target = acts_[of - 1];
  if (target.person != acts_.back().person) return;
  const bool undoes = act.act.kind == ActKind::undo;
  Person& person = persons_[act.act.person];
  auto& from = undoes ? person.done : person.undone;
  auto& to = undoes ? person.undone : person.done;
  const auto found = std::find(from.rbegin(), from.rend(), of);
  if (found == from.rend()) return;
  from.erase(std::next(found).base());
  to.push_back(of);
  target.stands = !undoes;
}

template <typename Use>
void Decisions::for_each_entry(const ItemId& item, const Use& use) const {
  const auto found = item_numbers_.find(item);
  if (found == item_numbers_.end()) return;
  for (uint32_t entry = items_[found->second].latest; entry != kNone;
       entry = entries_[entry].before) {
    use(entries_[entry]);
  }
}

ItemDecision Decisions::of(const ItemId& item) const {
  ItemDecision out;
  std::vector<uint32_t> standing;  // Numbers less 1, the latest first.
  for_each_entry(item, [&](const Entry& entry) {
    out.last_act = std::max<uint64_t>(out.last_act, entry.act + uint64_t{1});
    if (acts_[entry.act].stands) standing.push_back(entry.act);
  });
  if (standing.empty()) return out;
  std::set<std::string> flags;
  std::string settled_as;
  for (auto at = standing.rbegin(); at != standing.rend(); ++at) {
    const KeptAct& act = acts_[*at];
    switch (act.kind) {
      case ActKind::settle:
        out.opinions.clear();
        settled_as = texts_[act.value];
        [[fallthrough]];
      case ActKind::category:
        std::erase_if(out.opinions,
                      [&](const Opinion& one) { return one.person == texts_[act.person]; });
        if (!texts_[act.value].empty()) {
          out.opinions.push_back(
              {texts_[act.value], texts_[act.person], *at + uint64_t{1}, act.time_ns});
        }
        break;
      case ActKind::flag:
        flags.insert(texts_[act.value]);
        break;
      case ActKind::unflag:
        flags.erase(texts_[act.value]);
        break;
      case ActKind::note:
        ++out.notes;
        break;
      case ActKind::pass_on:
        out.is_passed_on = true;
        break;
      case ActKind::take_back:
        out.is_passed_on = false;
        break;
      case ActKind::undo:
      case ActKind::redo:
        break;
    }
  }
  out.flags.assign(flags.begin(), flags.end());
  out.is_conflict = out.agreeing() != out.opinions.size();
  out.is_settled =
      !out.is_conflict && out.decided() != nullptr && out.decided()->category == settled_as;
  return out;
}

std::vector<uint64_t> Decisions::notes_of(const ItemId& item) const {
  std::vector<uint64_t> out;
  for_each_entry(item, [&](const Entry& entry) {
    const KeptAct& act = acts_[entry.act];
    if (act.kind == ActKind::note && act.stands) out.push_back(entry.act + uint64_t{1});
  });
  std::reverse(out.begin(), out.end());
  return out;
}

std::vector<ItemId> Decisions::items_of(uint64_t act) const {
  std::vector<ItemId> out;
  if (act == 0 || act > acts_.size()) return out;
  const KeptAct* kept = &acts_[act - 1];
  if (kept->kind == ActKind::undo || kept->kind == ActKind::redo) {
    if (kept->of_act == 0 || kept->of_act >= act) return out;
    kept = &acts_[kept->of_act - 1];
  }
  for (uint32_t i = 0; i < kept->items; ++i) {
    out.push_back(items_[entries_[kept->first_item + i].item].id);
  }
  return out;
}

std::optional<uint64_t> Decisions::undoable(std::string_view person) const {
  const auto found = persons_.find(person);
  if (found == persons_.end() || found->second.done.empty()) return std::nullopt;
  return found->second.done.back();
}

std::optional<uint64_t> Decisions::redoable(std::string_view person) const {
  const auto found = persons_.find(person);
  if (found == persons_.end() || found->second.undone.empty()) return std::nullopt;
  return found->second.undone.back();
}

}  // namespace safelight
