#include "safelight/serve/accounts/session.h"

#include <string>

#include "safelight/database/sql_text.h"
#include "safelight/serve/accounts/internal/person_row.h"
#include "safelight/serve/accounts/secrets/token.h"

namespace safelight::serve {
namespace {

using database::Statement;
using State = AccountStore::State;

constexpr std::string_view kSelectSession =
    "SELECT id, person, stage, created_ns, last_used_ns, authenticated_ns FROM sessions";

std::string_view to_text(SessionStage stage) {
  return stage == SessionStage::open ? "open" : "second_factor";
}

Session session_of(State& state, const Statement& row) {
  Session session;
  session.id = SessionId{row.integer(0)};
  auto person = find_person(state, PersonId{row.integer(1)});
  if (!person) state.refuse("a session of nobody");
  session.person = *std::move(person);
  if (row.text(2) != "open" && row.text(2) != "second_factor") {
    state.refuse("a stage that is none");
  }
  session.stage = row.text(2) == "open" ? SessionStage::open : SessionStage::second_factor;
  session.created_ns = row.integer(3);
  session.last_used_ns = row.integer(4);
  session.authenticated_ns = row.integer(5);
  return session;
}

std::optional<Session> session_where(State& state, SessionId id) {
  Statement row(state.connection(), database::sql_text({kSelectSession, " WHERE id = ?"}));
  row.bind(0, id.value);
  if (!row.step()) return std::nullopt;
  return session_of(state, row);
}

}  // namespace

bool Sessions::is_alive(const Session& session, int64_t now_ns) const {
  const int64_t age_ns = now_ns - session.created_ns;
  const int64_t idle_ns = now_ns - session.last_used_ns;
  if (age_ns < -policy_.clock_tolerance_ns || idle_ns < -policy_.clock_tolerance_ns) return false;
  if (session.stage == SessionStage::second_factor && age_ns > policy_.second_factor_ns) {
    return false;
  }
  return age_ns <= policy_.absolute_ns && idle_ns <= policy_.idle_ns &&
         session.person.state == PersonState::active;
}

std::optional<NewSession> Sessions::open(PersonId person_id, SessionStage stage) {
  Token token = make_token(random_, "");
  const int64_t now_ns = clock_.now_ns();
  State& state = store_.state();
  State::Change change(state);
  const auto person = find_person(state, person_id);
  if (!person || person->state != PersonState::active) return std::nullopt;
  Statement insert(state.connection(),
                   "INSERT INTO sessions(token_digest, person, stage, created_ns, last_used_ns, "
                   "authenticated_ns, code_attempts) VALUES(?, ?, ?, ?, ?, ?, 0)");
  insert.bind_blob(0, bytes_of(token.digest)).bind(1, person_id.value);
  insert.bind_text(2, to_text(stage)).bind(3, now_ns).bind(4, now_ns).bind(5, now_ns).step();
  Session session{{state.connection().last_row()}, *person, stage, now_ns, now_ns, now_ns};
  Statement drop(state.connection(),
                 "DELETE FROM sessions WHERE person = ?1 AND id NOT IN (SELECT id FROM sessions "
                 "WHERE person = ?1 ORDER BY last_used_ns DESC, id DESC LIMIT ?2)");
  drop.bind(0, person_id.value).bind(1, policy_.max_per_person).step();
  change.commit();
  return NewSession{std::move(token.text), std::move(session)};
}

std::optional<Session> Sessions::find(std::string_view token) {
  const Sha256 digest = token_digest(token);
  const int64_t now_ns = clock_.now_ns();
  State& state = store_.state();
  std::optional<Session> session;
  {
    const State::Look look(state);
    Statement row(state.connection(),
                  database::sql_text({kSelectSession, " WHERE token_digest = ?"}));
    row.bind_blob(0, bytes_of(digest));
    if (!row.step()) return std::nullopt;
    session = session_of(state, row);
  }
  if (!is_alive(*session, now_ns)) {
    end(session->id);
    return std::nullopt;
  }
  if (now_ns - session->last_used_ns >= policy_.touch_ns) {
    State::Change change(state);
    Statement touch(state.connection(), "UPDATE sessions SET last_used_ns = ? WHERE id = ?");
    touch.bind(0, now_ns).bind(1, session->id.value).step();
    change.commit();
    session->last_used_ns = now_ns;
  }
  return session;
}

bool Sessions::count_code_attempt(SessionId id) {
  State& state = store_.state();
  State::Change change(state);
  Statement count(state.connection(),
                  "UPDATE sessions SET code_attempts = code_attempts + 1 "
                  "WHERE id = ? AND stage = 'second_factor' AND code_attempts < ?");
  count.bind(0, id.value).bind(1, policy_.max_code_attempts).step();
  const bool counted = state.connection().changed_rows() == 1;
  if (!counted) {
    Statement end(state.connection(),
                  "DELETE FROM sessions WHERE id = ? AND stage = 'second_factor'");
    end.bind(0, id.value).step();
  }
  change.commit();
  return counted;
}

std::optional<NewSession> Sessions::renew(SessionId id) {
  Token token = make_token(random_, "");
  const int64_t now_ns = clock_.now_ns();
  State& state = store_.state();
  State::Change change(state);
  auto session = session_where(state, id);
  if (!session || !is_alive(*session, now_ns)) return std::nullopt;
  Statement update(state.connection(),
                   "UPDATE sessions SET token_digest = ?, stage = 'open', last_used_ns = ?, "
                   "authenticated_ns = ? WHERE id = ?");
  update.bind_blob(0, bytes_of(token.digest)).bind(1, now_ns).bind(2, now_ns);
  update.bind(3, id.value).step();
  change.commit();
  session->stage = SessionStage::open;
  session->last_used_ns = session->authenticated_ns = now_ns;
  return NewSession{std::move(token.text), *std::move(session)};
}

bool Sessions::is_recent(const Session& session) const {
  const int64_t age_ns = clock_.now_ns() - session.authenticated_ns;
  return session.stage == SessionStage::open && age_ns >= -policy_.clock_tolerance_ns &&
         age_ns <= policy_.recent_ns;
}

std::vector<Session> Sessions::of(PersonId person) const {
  const int64_t now_ns = clock_.now_ns();
  State& state = store_.state();
  const State::Look look(state);
  std::vector<Session> sessions;
  Statement row(state.connection(),
                database::sql_text({kSelectSession, " WHERE person = ? ORDER BY id"}));
  row.bind(0, person.value);
  while (row.step()) {
    Session session = session_of(state, row);
    if (is_alive(session, now_ns)) sessions.push_back(std::move(session));
  }
  return sessions;
}

void Sessions::end(SessionId id) {
  State& state = store_.state();
  State::Change change(state);
  Statement end(state.connection(), "DELETE FROM sessions WHERE id = ?");
  end.bind(0, id.value).step();
  change.commit();
}

void Sessions::end_all(PersonId person) {
  State& state = store_.state();
  State::Change change(state);
  Statement end(state.connection(), "DELETE FROM sessions WHERE person = ?");
  end.bind(0, person.value).step();
  change.commit();
}

int64_t Sessions::purge() {
  const int64_t now_ns = clock_.now_ns();
  State& state = store_.state();
  State::Change change(state);
  Statement drop(state.connection(),
                 "DELETE FROM sessions WHERE created_ns < ?1 OR last_used_ns < ?2 OR "
                 "(stage = 'second_factor' AND created_ns < ?3) OR created_ns > ?4");
  drop.bind(0, now_ns - policy_.absolute_ns).bind(1, now_ns - policy_.idle_ns);
  drop.bind(2, now_ns - policy_.second_factor_ns).bind(3, now_ns + policy_.clock_tolerance_ns);
  drop.step();
  const int64_t dropped = state.connection().changed_rows();
  change.commit();
  return dropped;
}

}  // namespace safelight::serve
