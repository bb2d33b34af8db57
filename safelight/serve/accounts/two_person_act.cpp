#include "safelight/serve/accounts/two_person_act.h"

#include <array>
#include <limits>
#include <utility>

#include "safelight/base/json_writer.h"
#include "safelight/serve/accounts/internal/person_row.h"

namespace safelight::serve {
namespace {

using database::Statement;
using State = AccountStore::State;

constexpr std::array<std::string_view, kActKinds> kKindNames = {"list_change", "threshold_change",
                                                                "export_originals", "purge"};
constexpr std::array<std::string_view, 4> kStateNames = {"pending", "approved", "executed",
                                                         "withdrawn"};
constexpr std::string_view kSelectAct =
    "SELECT id, kind, parameters, state, requested_by, requested_ns, expires_ns, settled_by, "
    "settled_ns, executed_ns FROM acts";

std::string_view to_text(ActState state) { return kStateNames[static_cast<size_t>(state)]; }

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
  act.executed_ns = time_of(row, 9);
  const bool settled = act.state != ActState::pending;
  const bool executed = act.state == ActState::executed;
  if (act.settled_by.has_value() != settled || act.executed_ns.has_value() != executed ||
      ((executed || act.state == ActState::approved) && act.settled_by == act.requested_by)) {
    state.refuse("an act that contradicts itself");
  }
  return act;
}

std::optional<Act> find_act(State& state, ActId id) {
  Statement row(state.connection(), std::string(kSelectAct) + " WHERE id = ?");
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
  bind_time(bind_time(update, 2, act.settled_ns), 3, act.executed_ns).bind(4, act.id.value).step();
}

}  // namespace

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
                                 int64_t valid_ns) {
  if (parameters.size() > kMaxActParametersBytes || !is_utf8(parameters)) {
    return {ActOutcome::too_long, std::nullopt};
  }
  State& state = store_.state();
  State::Change change(state);
  if (!is_permitted(state, by, kind)) return {ActOutcome::not_permitted, std::nullopt};
  const int64_t now_ns = clock_.now_ns();
  const int64_t longest_ns = std::numeric_limits<int64_t>::max() - now_ns;
  Statement waiting(state.connection(),
                    "SELECT count(*) FROM acts WHERE state = 'pending' AND expires_ns > ?");
  if (waiting.bind(0, now_ns).step() && waiting.integer(0) >= kMaxPendingActs) {
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
  if (act->state != ActState::pending && act->state != ActState::approved) {
    return {ActOutcome::wrong_state, std::nullopt};
  }
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
  act->state = ActState::executed;
  act->executed_ns = now_ns;
  store_settled(state, *act);
  change.commit();
  return {ActOutcome::done, std::move(act)};
}

std::optional<Act> TwoPersonActs::find(ActId id) const {
  const State::Look look(store_.state());
  return find_act(store_.state(), id);
}

std::vector<Act> TwoPersonActs::open() const {
  const int64_t now_ns = clock_.now_ns();
  State& state = store_.state();
  const State::Look look(state);
  std::vector<Act> acts;
  Statement row(state.connection(),
                std::string(kSelectAct) + " WHERE state IN ('pending', 'approved') ORDER BY id");
  while (row.step()) {
    Act act = act_of(state, row);
    if (!is_expired(act, now_ns)) acts.push_back(std::move(act));
  }
  return acts;
}

}  // namespace safelight::serve
