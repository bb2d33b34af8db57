#include "safelight/serve/accounts/internal/person_row.h"

#include "safelight/database/sql_text.h"

namespace safelight::serve {

using database::Statement;

Person person_of(AccountStore::State& state, const Statement& row) {
  Person person;
  person.id = PersonId{row.integer(0)};
  person.login = row.text(1);
  person.display_name = row.text(2);
  const auto login = login_from_text(person.login);
  if (!login || *login != person.login) state.refuse("a login name that is none");
  if (!check_name(person.display_name)) state.refuse("a name that is none");
  const auto role = role_from_text(row.text(3));
  if (!role) state.refuse("a role that is none");
  person.role = *role;
  if (row.text(4) != "active" && row.text(4) != "disabled") state.refuse("a state that is none");
  person.state = row.text(4) == "active" ? PersonState::active : PersonState::disabled;
  const std::string_view factor = row.text(5);
  if (factor == "on") {
    person.second_factor = SecondFactor::on;
  } else if (factor == "offered") {
    person.second_factor = SecondFactor::offered;
  } else if (factor != "none") {
    state.refuse("a second factor that is none");
  }
  person.created_ns = row.integer(6);
  person.password_set_ns = time_of(row, 7);
  return person;
}

std::optional<Person> find_person(AccountStore::State& state, PersonId id) {
  Statement row(state.connection(), database::sql_text({kSelectPerson, " WHERE id = ?"}));
  row.bind(0, id.value);
  if (!row.step()) return std::nullopt;
  return person_of(state, row);
}

std::optional<Person> find_person(AccountStore::State& state, std::string_view login) {
  Statement row(state.connection(), database::sql_text({kSelectPerson, " WHERE login = ?"}));
  row.bind_text(0, login);
  if (!row.step()) return std::nullopt;
  return person_of(state, row);
}

std::string password_of(AccountStore::State& state, PersonId id) {
  Statement row(state.connection(), "SELECT coalesce(password, '') FROM people WHERE id = ?");
  row.bind(0, id.value);
  return row.step() ? std::string(row.text(0)) : std::string();
}

}  // namespace safelight::serve
