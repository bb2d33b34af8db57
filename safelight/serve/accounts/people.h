#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "safelight/base/clock.h"
#include "safelight/base/result.h"
#include "safelight/serve/accounts/account_store.h"
#include "safelight/serve/accounts/person.h"
#include "safelight/serve/accounts/secrets/password.h"
#include "safelight/serve/accounts/secrets/totp.h"

namespace safelight::serve {

struct NewPerson {
  std::string_view login;
  std::string_view display_name;
  Role role = Role::reviewer;
};

/// The people of a server. Whether the caller may do what it asks for is the caller's to check, by
/// may(). Safe from many threads. Every member throws Fault where the store fails or is damaged;
/// one that names somebody who is not there gives not_found, rule "accounts.person".
class People {
 public:
  /// All outlive it.
  People(AccountStore& store, const Clock& clock, RandomSource& random,
         const PasswordHasher& hasher)
      : store_(store), clock_(clock), random_(random), hasher_(hasher) {}

  /// Errors: those of login_from_text(), check_name() and check_new_password(); malformed, rule
  /// "accounts.login-taken"; "accounts.name-taken" where somebody else is shown by that name.
  Result<PersonId> add(const NewPerson& person, std::string_view password);
  /// Somebody whom only a link token lets in, such as the examiner of a server on loopback.
  Result<PersonId> add_without_password(const NewPerson& person);

  [[nodiscard]] std::optional<Person> find(PersonId id) const;
  [[nodiscard]] std::optional<Person> find(std::string_view login) const;
  /// All, by id.
  [[nodiscard]] std::vector<Person> all() const;

  /// Errors: malformed, "accounts.name-taken".
  Result<void> set_display_name(PersonId id, std::string_view name);
  /// These end the person's sessions: rights that were taken away do not live on in them. Errors:
  /// malformed, rule "accounts.last-admin", where nobody would be left to manage people.
  Result<void> set_role(PersonId id, Role role);
  Result<void> set_state(PersonId id, PersonState state);
  /// Ends the person's sessions. Errors: those of check_new_password().
  Result<void> set_password(PersonId id, std::string_view password);

  /// A new secret, which counts from the first code on that is confirmed. Errors: malformed, rule
  /// "accounts.second-factor-on", where there is one: it is removed first.
  Result<TotpSecret> offer_second_factor(PersonId id);
  /// Errors: malformed, rule "accounts.code", for a wrong code or where none was offered.
  Result<void> confirm_second_factor(PersonId id, std::string_view code);
  Result<void> remove_second_factor(PersonId id);

  /// The active person with this login and password, the hash made anew where today's cost is
  /// another. The same work is done for a login that does not exist.
  [[nodiscard]] std::optional<Person> check_password(std::string_view login,
                                                     std::string_view password);
  /// Whether `code` is good for a person with a second factor; if so, it is not good again.
  [[nodiscard]] bool use_code(PersonId id, std::string_view code);

 private:
  Result<PersonId> insert(const NewPerson& person, std::optional<std::string> hash);
  Result<void> change(PersonId id, std::string_view column, std::string_view value);
  std::optional<int64_t> accept_code(PersonId id, std::string_view code, SecondFactor wanted);

  AccountStore& store_;
  const Clock& clock_;
  RandomSource& random_;
  const PasswordHasher& hasher_;
};

}  // namespace safelight::serve
