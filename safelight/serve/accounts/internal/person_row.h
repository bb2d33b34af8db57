#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "safelight/serve/accounts/internal/store_state.h"
#include "safelight/serve/accounts/person.h"

/// Rows of `people`. All within a Change or a Look; a row that breaks a rule is refused.
namespace safelight::serve {

inline constexpr std::string_view kSelectPerson =
    "SELECT id, login, display_name, role, state, totp_state, created_ns, password_set_ns "
    "FROM people";

Person person_of(AccountStore::State& state, const database::Statement& row);
std::optional<Person> find_person(AccountStore::State& state, PersonId id);
std::optional<Person> find_person(AccountStore::State& state, std::string_view login);
/// The hash of the person's password, "" without one.
std::string password_of(AccountStore::State& state, PersonId id);

}  // namespace safelight::serve
