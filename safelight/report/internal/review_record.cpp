#include "safelight/report/internal/review_record.h"

#include <algorithm>
#include <array>
#include <set>

namespace safelight::report {
namespace {

constexpr std::array<std::string_view, 5> kStates = {"not_begun", "undecided", "decided",
                                                     "second_look_wanted", "conflict"};

/// The place of `text` in `texts`, at whose end it is put where it is new.
uint32_t place_in(std::vector<std::string>& texts, const std::string& text) {
  const auto found = std::find(texts.begin(), texts.end(), text);
  if (found == texts.end()) {
    texts.push_back(text);
    return static_cast<uint32_t>(texts.size() - 1);
  }
  return static_cast<uint32_t>(found - texts.begin());
}

void add(Shown& shown, const casefile::Exposure& exposure, uint32_t person, uint32_t rendition) {
  if (shown.reveals == 0) shown.first_ns = shown.last_ns = exposure.began_ns;
  ++shown.reveals;
  shown.shown_ms += exposure.shown_ms;
  if (exposure.shown_ms == 0) ++shown.of_unknown_length;
  shown.first_ns = std::min(shown.first_ns, exposure.began_ns);
  shown.last_ns = std::max(shown.last_ns, exposure.began_ns);
  if (std::find(shown.persons.begin(), shown.persons.end(), person) == shown.persons.end()) {
    shown.persons.push_back(person);
  }
  if (shown.by_rendition.size() <= rendition) shown.by_rendition.resize(rendition + 1);
  ++shown.by_rendition[rendition];
}

DecisionState state_of(const ItemDecision& decision, SecondLook second_look) {
  if (decision.decided() == nullptr) return DecisionState::undecided;
  if (decision.is_conflict) return DecisionState::conflict;
  return second_look == SecondLook::wanted ? DecisionState::second_look_wanted
                                           : DecisionState::decided;
}

bool is_to_review(const triage::Place& place) {
  return place.rank_class != triage::RankClass::ordinary &&
         place.rank_class != triage::RankClass::known && place.shown_with == triage::kNobody;
}

CategoryTotal& total_of(std::vector<CategoryTotal>& totals, const std::string& code) {
  for (CategoryTotal& total : totals) {
    if (total.code == code) return total;
  }
  totals.push_back({code, nullptr});
  return totals.back();
}

}  // namespace

std::string_view to_text(DecisionState state) { return kStates[static_cast<size_t>(state)]; }

ReviewRecord::ReviewRecord(const casefile::ActReader& acts) : rules_(rules_of(acts)) {
  acts.for_each_act(0, [&](const casefile::StoredAct& act) {
    decisions_.add(act);
    if (act.act.kind == casefile::ActKind::note) {
      notes_[act.number] = {act.act.text, act.act.person, act.time_ns};
    }
  });
  std::vector<std::string> persons;
  acts.for_each_exposure([&](const casefile::Exposure& exposure) {
    add(shown_[exposure.item], exposure, place_in(persons, exposure.person),
        place_in(renditions_, exposure.rendition));
  });
}

ReviewedItem ReviewRecord::of(const ItemId& item) const {
  ReviewedItem out;
  if (!has_begun()) return out;
  out.decision = decisions_.of(item);
  out.second_look = second_look_of(out.decision, rules_);
  out.state = state_of(out.decision, out.second_look);
  if (out.decision.notes != 0) {
    for (const uint64_t note : decisions_.notes_of(item)) out.notes.push_back(&notes_.at(note));
  }
  const auto shown = shown_.find(item);
  if (shown != shown_.end()) out.shown = &shown->second;
  return out;
}

ReviewTotals ReviewRecord::totals(const triage::Review& review) const {
  ReviewTotals out;
  if (!has_begun()) return out;
  for (const Category& category : rules_.scheme.categories) {
    out.by_category.push_back({category.code, &category});
  }
  std::set<uint32_t> people;
  for (size_t i = 0; i < review.items.size(); ++i) {
    const ReviewedItem item = of(review.items[i]);
    const ItemDecision& decision = item.decision;
    if (const Opinion* decided = decision.decided()) {
      ++out.decided;
      // What others say has a place too, if only to be named.
      for (const Opinion& one : decision.opinions) total_of(out.by_category, one.category);
      CategoryTotal& total = total_of(out.by_category, decided->category);
      ++total.items;
      if (decision.is_conflict) {
        ++out.conflicts;
        ++total.conflicts;
      }
      if (item.second_look == SecondLook::wanted) {
        ++out.second_looks_wanted;
        ++total.second_looks_wanted;
      }
      if (item.second_look == SecondLook::done) ++out.second_looks_done;
      if (decision.is_settled) ++out.settled;
    } else {
      ++out.undecided;
      if (is_to_review(review.places[i])) ++out.undecided_to_review;
    }
    if (decision.is_passed_on) ++out.passed_on;
    if (!decision.flags.empty()) ++out.flagged;
    if (decision.notes != 0) ++out.with_notes;
    for (const std::string& flag : decision.flags) ++out.by_flag[flag];
    if (item.shown == nullptr) continue;
    ++out.shown_items;
    out.reveals += item.shown->reveals;
    out.shown_ms += item.shown->shown_ms;
    out.of_unknown_length += item.shown->of_unknown_length;
    people.insert(item.shown->persons.begin(), item.shown->persons.end());
  }
  out.people = people.size();
  return out;
}

std::string_view name_of(const Scheme& scheme, std::string_view code) {
  const Category* category = scheme.find(code);
  return category == nullptr ? std::string_view() : category->name;
}

std::string seconds_text(uint64_t ms) {
  std::string text = std::to_string(ms / 1'000);
  if (ms % 1'000 == 0) return text;
  text += '.' + std::to_string(1'000 + ms % 1'000).substr(1);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

}  // namespace safelight::report
