#include "safelight/serve/accounts/people.h"

#include <array>

#include "safelight/database/sql_text.h"
#include "safelight/serve/accounts/internal/person_row.h"
#include "safelight/serve/accounts/internal/store_state.h"

namespace safelight::serve {
namespace {

using database::Statement;
using State = AccountStore::State;

constexpr Error kNoPerson{ErrorCode::not_found, "accounts.person"};

/// Within a Change.
void end_sessions(State& state, PersonId id) {
  Statement end(state.connection(), "DELETE FROM sessions WHERE person = ?");
  end.bind(0, id.value).step();
}

/// Within a Change: whether nobody but `id` manages people.
bool is_last_admin(State& state, PersonId id) {
  Statement admins(state.connection(),
                   "SELECT coalesce(max(id = ?1), 0), count(*) FROM people "
                   "WHERE role = 'admin' AND state = 'active'");
  admins.bind(0, id.value);
  return admins.step() && admins.integer(0) == 1 && admins.integer(1) == 1;
}

/// Whether somebody else is shown by that name: of two who are, nobody could tell who decided.
bool is_name_taken(State& state, std::string_view name, PersonId id) {
  Statement taken(state.connection(), "SELECT 1 FROM people WHERE display_name = ? AND id <> ?");
  return taken.bind_text(0, name).bind(1, id.value).step();
}

constexpr Error kNameTaken{ErrorCode::malformed, "accounts.name-taken"};

}  // namespace

Result<PersonId> People::insert(const NewPerson& person, std::optional<std::string> hash) {
  SAFELIGHT_TRY(const std::string login, login_from_text(person.login));
  SAFELIGHT_CHECK(check_name(person.display_name));
  State& state = store_.state();
  State::Change change(state);
  if (find_person(state, login)) return Error{ErrorCode::malformed, "accounts.login-taken"};
  if (is_name_taken(state, person.display_name, {})) return kNameTaken;
  Statement insert(state.connection(),
                   "INSERT INTO people(login, display_name, role, state, created_ns, password, "
                   "password_set_ns, totp_state, totp_last_step) "
                   "VALUES(?, ?, ?, 'active', ?, ?, ?, 'none', ?)");
  const int64_t now_ns = clock_.now_ns();
  insert.bind_text(0, login).bind_text(1, person.display_name).bind_text(2, to_text(person.role));
  insert.bind(3, now_ns).bind(6, kNoTotpStep);
  if (hash) {
    insert.bind_text(4, *hash).bind(5, now_ns);
  } else {
    insert.bind_null(4).bind_null(5);
  }
  insert.step();
  const PersonId id{state.connection().last_row()};
  change.commit();
  return id;
}

Result<PersonId> People::add(const NewPerson& person, std::string_view password) {
  SAFELIGHT_CHECK(check_new_password(person.login, password));
  return insert(person, hasher_.hash(password));
}

Result<PersonId> People::add_without_password(const NewPerson& person) {
  return insert(person, std::nullopt);
}

std::optional<Person> People::find(PersonId id) const {
  const State::Look look(store_.state());
  return find_person(store_.state(), id);
}

std::optional<Person> People::find(std::string_view login) const {
  const auto folded = login_from_text(login);
  if (!folded) return std::nullopt;
  const State::Look look(store_.state());
  return find_person(store_.state(), *folded);
}

std::vector<Person> People::all() const {
  State& state = store_.state();
  const State::Look look(state);
  std::vector<Person> people;
  Statement row(state.connection(), database::sql_text({kSelectPerson, " ORDER BY id"}));
  while (row.step()) people.push_back(person_of(state, row));
  return people;
}

Result<void> People::change(PersonId id, std::string_view column, std::string_view value) {
  State& state = store_.state();
  State::Change change(state);
  Statement update(state.connection(),
                   "UPDATE people SET " + std::string(column) + " = ? WHERE id = ?");
  const bool drops_admin = (column == "role" && value != to_text(Role::admin)) ||
                           (column == "state" && value != "active");
  if (drops_admin && is_last_admin(state, id)) {
    return Error{ErrorCode::malformed, "accounts.last-admin"};
  }
  if (column == "display_name" && is_name_taken(state, value, id)) return kNameTaken;
  update.bind_text(0, value).bind(1, id.value).step();
  if (state.connection().changed_rows() == 0) return kNoPerson;
  if (column != "display_name") end_sessions(state, id);
  change.commit();
  return {};
}

Result<void> People::set_display_name(PersonId id, std::string_view name) {
  SAFELIGHT_CHECK(check_name(name));
  return change(id, "display_name", name);
}

Result<void> People::set_role(PersonId id, Role role) { return change(id, "role", to_text(role)); }

Result<void> People::set_state(PersonId id, PersonState person_state) {
  return change(id, "state", person_state == PersonState::active ? "active" : "disabled");
}

Result<void> People::set_password(PersonId id, std::string_view password) {
  const auto person = find(id);
  if (!person) return kNoPerson;
  SAFELIGHT_CHECK(check_new_password(person->login, password));
  const std::string hash = hasher_.hash(password);
  State& state = store_.state();
  State::Change change(state);
  Statement update(state.connection(),
                   "UPDATE people SET password = ?, password_set_ns = ? WHERE id = ?");
  update.bind_text(0, hash).bind(1, clock_.now_ns()).bind(2, id.value).step();
  end_sessions(state, id);
  change.commit();
  return {};
}

Result<TotpSecret> People::offer_second_factor(PersonId id) {
  State& state = store_.state();
  State::Change change(state);
  const auto person = find_person(state, id);
  if (!person) return kNoPerson;
  if (person->second_factor == SecondFactor::on) {
    return Error{ErrorCode::malformed, "accounts.second-factor-on"};
  }
  TotpSecret secret(random_);
  Statement update(state.connection(),
                   "UPDATE people SET totp_secret = ?, totp_state = 'offered', totp_last_step = ? "
                   "WHERE id = ?");
  update.bind_blob(0, secret.bytes()).bind(1, kNoTotpStep).bind(2, id.value).step();
  change.commit();
  return secret;
}

/// Accepts a code of somebody whose second factor is `wanted`, and notes that it was used.
std::optional<int64_t> People::accept_code(PersonId id, std::string_view code,
                                           SecondFactor wanted) {
  State& state = store_.state();
  State::Change change(state);
  const auto person = find_person(state, id);
  if (!person || person->second_factor != wanted) return std::nullopt;
  Statement row(state.connection(), "SELECT totp_secret, totp_last_step FROM people WHERE id = ?");
  row.bind(0, id.value);
  if (!row.step() || row.blob(0).size() != TotpSecret::kBytes) {
    state.refuse("a secret of another size");
  }
  const TotpSecret secret(row.blob(0).first<TotpSecret::kBytes>());
  const auto step = accept_totp(secret, code, clock_.now_ns(), row.integer(1));
  row.reset();
  if (!step) return std::nullopt;
  Statement update(state.connection(),
                   "UPDATE people SET totp_last_step = ?, totp_state = 'on' WHERE id = ?");
  update.bind(0, *step).bind(1, id.value).step();
  change.commit();
  return step;
}

Result<void> People::confirm_second_factor(PersonId id, std::string_view code) {
  if (!find(id)) return kNoPerson;
  if (!accept_code(id, code, SecondFactor::offered)) {
    return Error{ErrorCode::malformed, "accounts.code"};
  }
  return {};
}

Result<void> People::remove_second_factor(PersonId id) {
  State& state = store_.state();
  State::Change change(state);
  Statement update(state.connection(),
                   "UPDATE people SET totp_secret = NULL, totp_state = 'none', totp_last_step = ? "
                   "WHERE id = ?");
  update.bind(0, kNoTotpStep).bind(1, id.value).step();
  if (state.connection().changed_rows() == 0) return kNoPerson;
  end_sessions(state, id);
  change.commit();
  return {};
}

std::optional<Person> People::check_password(std::string_view login, std::string_view password) {
  std::optional<Person> person;
  std::string stored;
  State& state = store_.state();
  if (const auto folded = login_from_text(login)) {
    const State::Look look(state);
    person = find_person(state, *folded);
    if (person) stored = password_of(state, person->id);
  }
  // Hashing takes long: nobody waits for it with the store in hand.
  if (stored.empty()) {
    hasher_.verify_none(password);
    return std::nullopt;
  }
  if (!hasher_.verify(stored, password) || person->state != PersonState::active) {
    return std::nullopt;
  }
  if (hasher_.is_outdated(stored)) {
    const std::string renewed = hasher_.hash(password);
    State::Change change(state);
    // Not where it was changed meanwhile.
    Statement update(state.connection(),
                     "UPDATE people SET password = ? WHERE id = ? AND password = ?");
    update.bind_text(0, renewed).bind(1, person->id.value).bind_text(2, stored).step();
    change.commit();
  }
  return person;
}

bool People::use_code(PersonId id, std::string_view code) {
  return accept_code(id, code, SecondFactor::on).has_value();
}

}  // namespace safelight::serve
