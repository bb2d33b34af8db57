#include "safelight/serve/accounts/two_person_act.h"

#include <array>
#include <limits>
#include <utility>

#include "safelight/base/fault.h"
#include "safelight/base/json_writer.h"
#include "safelight/database/sql_text.h"
#include "safelight/serve/accounts/internal/person_row.h"

namespace safelight::serve {
namespace {

using database::Statement;
using State = AccountStore::State;

constexpr std::array<std::string_view, kActKinds> kKindNames = {"list_change", "threshold_change",
                                                                "export_originals", "purge"};
constexpr std::array<std::string_view, 7> kStateNames = {
    "pending", "approved", "doing", "executed", "failed", "interrupted", "withdrawn"};
constexpr std::string_view kSelectAct =
    "SELECT id, kind, parameters, state, requested_by, requested_ns, expires_ns, settled_by, "
    "settled_ns, executed_ns, ended_ns, outcome FROM acts";

/// Whether what the store says of an act can be: who settled it, whether it was begun, and ended.
bool is_sound(const Act& act, bool has_outcome) {
  const bool settled = act.state != ActState::pending;
  const bool agreed = settled && act.state != ActState::withdrawn;
  const bool begun = act.state == ActState::doing || act.state == ActState::executed;
  const bool failed = act.state == ActState::failed || act.state == ActState::interrupted;
  return act.settled_by.has_value() == settled && has_outcome == act.ended_ns.has_value() &&
         (failed || act.begun_ns.has_value() == begun) && (!failed || act.ended_ns) &&
         (failed || act.state == ActState::executed || !act.ended_ns) &&
         !(agreed && act.settled_by == act.requested_by);
}

Act act_of(State& state, const Statement& row) {
  Act act;
  act.id = ActId{row.integer(0)};
  const auto kind = act_kind_from_text(row.text(1));
  if (!kind) state.refuse("an act of no kind that is known here");
  act.kind = *kind;
  act.parameters = row.text(2);
  size_t place = 0;
  while (place < kStateNames.size() && kStateNames[place] != row.text(3)) ++place;
  if (place == kStateNames.size()) state.refuse("a state of an act that is none");
  act.state = static_cast<ActState>(place);
  act.requested_by = PersonId{row.integer(4)};
  act.requested_ns = row.integer(5);
  act.expires_ns = row.integer(6);
  if (!row.is_null(7)) act.settled_by = PersonId{row.integer(7)};
  act.settled_ns = time_of(row, 8);
  act.begun_ns = time_of(row, 9);
  act.ended_ns = time_of(row, 10);
  const bool has_outcome = !row.is_null(11);
  if (has_outcome) act.outcome = row.text(11);
  if (!is_sound(act, has_outcome)) state.refuse("an act that contradicts itself");
  return act;
}

std::optional<Act> find_act(State& state, ActId id) {
  Statement row(state.connection(), database::sql_text({kSelectAct, " WHERE id = ?"}));
  row.bind(0, id.value);
  if (!row.step()) return std::nullopt;
  return act_of(state, row);
}

bool is_permitted(State& state, PersonId id, ActKind kind) {
  const auto person = find_person(state, id);
  return person && person->state == PersonState::active && may(person->role, permission_of(kind));
}

/// One that was asked for in the future comes from before the clock was set back: nobody knows its
/// age.
bool is_expired(const Act& act, int64_t now_ns) {
  return now_ns >= act.expires_ns || now_ns < act.requested_ns;
}

/// Within a Change: writes what has changed of `act`.
void store_settled(State& state, const Act& act) {
  Statement update(state.connection(),
                   "UPDATE acts SET state = ?, settled_by = ?, settled_ns = ?, executed_ns = ? "
                   "WHERE id = ?");
  update.bind_text(0, to_text(act.state)).bind(1, act.settled_by->value);
  bind_time(bind_time(update, 2, act.settled_ns), 3, act.begun_ns).bind(4, act.id.value).step();
}

/// Within a Look: all that a statement that begins as kSelectAct finds.
std::vector<Act> all_of(State& state, Statement& row) {
  std::vector<Act> acts;
  while (row.step()) acts.push_back(act_of(state, row));
  return acts;
}

}  // namespace

std::string_view to_text(ActState state) { return kStateNames[static_cast<size_t>(state)]; }

std::string_view to_text(ActKind kind) { return kKindNames[static_cast<size_t>(kind)]; }

Result<ActKind> act_kind_from_text(std::string_view text) {
  for (size_t i = 0; i < kActKinds; ++i) {
    if (kKindNames[i] == text) return static_cast<ActKind>(i);
  }
  return Error{ErrorCode::malformed, "accounts.act-kind"};
}

Permission permission_of(ActKind kind) {
  constexpr std::array<Permission, kActKinds> kPermissionOfKind = {
      Permission::manage_lists, Permission::set_policy, Permission::export_originals,
      Permission::purge};
  return kPermissionOfKind[static_cast<size_t>(kind)];
}

ActAnswer TwoPersonActs::request(PersonId by, ActKind kind, std::string_view parameters,
                                 int64_t valid_ns, const std::function<void(ActId)>& on_record) {
  if (parameters.size() > kMaxActParametersBytes || !is_utf8(parameters)) {
    return {ActOutcome::too_long, std::nullopt};
  }
  State& state = store_.state();
  State::Change change(state);
  if (!is_permitted(state, by, kind)) return {ActOutcome::not_permitted, std::nullopt};
  const int64_t now_ns = clock_.now_ns();
  const int64_t longest_ns = std::numeric_limits<int64_t>::max() - now_ns;
  Statement waiting(state.connection(),
                    "SELECT count(*), coalesce(sum(length(CAST(parameters AS BLOB))) FILTER (WHERE "
                    "kind = ?), 0) FROM acts WHERE (state = 'pending' AND expires_ns > ?) OR state "
                    "IN ('approved', 'doing')");
  if (waiting.bind_text(0, to_text(kind)).bind(1, now_ns).step() &&
      (waiting.integer(0) >= kMaxOpenActs ||
       waiting.integer(1) + static_cast<int64_t>(parameters.size()) > kMaxOpenActBytes)) {
    return {ActOutcome::too_many, std::nullopt};
  }
  waiting.reset();
  Act act;
  act.kind = kind;
  act.parameters = parameters;
  act.requested_by = by;
  act.requested_ns = now_ns;
  act.expires_ns = now_ns + (valid_ns < longest_ns ? valid_ns : longest_ns);
  Statement insert(state.connection(),
                   "INSERT INTO acts(kind, parameters, state, requested_by, requested_ns, "
                   "expires_ns) VALUES(?, ?, 'pending', ?, ?, ?)");
  insert.bind_text(0, to_text(kind)).bind_text(1, parameters).bind(2, by.value);
  insert.bind(3, act.requested_ns).bind(4, act.expires_ns).step();
  act.id = ActId{state.connection().last_row()};
  on_record(act.id);
  change.commit();
  return {ActOutcome::done, std::move(act)};
}

ActAnswer TwoPersonActs::approve(ActId id, PersonId by) {
  const int64_t now_ns = clock_.now_ns();
  State& state = store_.state();
  State::Change change(state);
  auto act = find_act(state, id);
  if (!act) return {ActOutcome::not_found, std::nullopt};
  if (!is_permitted(state, by, act->kind)) return {ActOutcome::not_permitted, std::nullopt};
  if (act->requested_by == by) return {ActOutcome::same_person, std::nullopt};
  if (act->state != ActState::pending) return {ActOutcome::wrong_state, std::nullopt};
  if (is_expired(*act, now_ns)) return {ActOutcome::expired, std::nullopt};
  act->state = ActState::approved;
  act->settled_by = by;
  act->settled_ns = now_ns;
  store_settled(state, *act);
  change.commit();
  return {ActOutcome::done, std::move(act)};
}

ActAnswer TwoPersonActs::withdraw(ActId id, PersonId by) {
  State& state = store_.state();
  State::Change change(state);
  auto act = find_act(state, id);
  if (!act) return {ActOutcome::not_found, std::nullopt};
  if (!is_permitted(state, by, act->kind)) return {ActOutcome::not_permitted, std::nullopt};
  if (act->state != ActState::pending) return {ActOutcome::wrong_state, std::nullopt};
  act->state = ActState::withdrawn;
  act->settled_by = by;
  act->settled_ns = clock_.now_ns();
  store_settled(state, *act);
  change.commit();
  return {ActOutcome::done, std::move(act)};
}

ActAnswer TwoPersonActs::take(ActId id) {
  const int64_t now_ns = clock_.now_ns();
  State& state = store_.state();
  State::Change change(state);
  auto act = find_act(state, id);
  if (!act) return {ActOutcome::not_found, std::nullopt};
  if (act->state != ActState::approved) return {ActOutcome::wrong_state, std::nullopt};
  if (is_expired(*act, now_ns)) return {ActOutcome::expired, std::nullopt};
  if (!is_permitted(state, act->requested_by, act->kind) ||
      !is_permitted(state, *act->settled_by, act->kind)) {
    return {ActOutcome::not_permitted, std::nullopt};
  }
  act->state = ActState::doing;
  act->begun_ns = now_ns;
  store_settled(state, *act);
  change.commit();
  return {ActOutcome::done, std::move(act)};
}

void TwoPersonActs::end(ActId id, ActState how, std::string_view outcome) {
  State& state = store_.state();
  State::Change change(state);
  const auto act = find_act(state, id);
  const bool is_under_way =
      act && (act->state == ActState::doing ||
              (act->state == ActState::approved && how != ActState::executed));
  if (!is_under_way) throw Fault("an act ended that was not under way");
  Statement update(state.connection(),
                   "UPDATE acts SET state = ?, ended_ns = ?, outcome = ? WHERE id = ?");
  update.bind_text(0, to_text(how)).bind(1, clock_.now_ns()).bind_text(2, outcome);
  update.bind(3, id.value).step();
  change.commit();
}

std::optional<Act> TwoPersonActs::find(ActId id) const {
  const State::Look look(store_.state());
  return find_act(store_.state(), id);
}

std::vector<Act> TwoPersonActs::open() const {
  const int64_t now_ns = clock_.now_ns();
  State& state = store_.state();
  const State::Look look(state);
  Statement row(
      state.connection(),
      database::sql_text({kSelectAct, " WHERE state IN ('pending', 'approved') ORDER BY id"}));
  std::vector<Act> acts = all_of(state, row);
  std::erase_if(acts, [&](const Act& act) { return is_expired(act, now_ns); });
  return acts;
}

std::vector<Act> TwoPersonActs::under_way() const {
  State& state = store_.state();
  const State::Look look(state);
  Statement row(
      state.connection(),
      database::sql_text({kSelectAct, " WHERE state IN ('approved', 'doing') ORDER BY id"}));
  return all_of(state, row);
}

std::vector<Act> TwoPersonActs::ended(ActKind kind, int64_t since_ns, int64_t max) const {
  State& state = store_.state();
  const State::Look look(state);
  Statement row(state.connection(),
                database::sql_text(
                    {kSelectAct,
                     " WHERE ended_ns >= ? AND kind = ? ORDER BY ended_ns DESC, id DESC LIMIT ?"}));
  row.bind(0, since_ns).bind_text(1, to_text(kind)).bind(2, max);
  return all_of(state, row);
}

}  // namespace safelight::serve
