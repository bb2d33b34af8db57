#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "safelight/base/result.h"
#include "safelight/serve/accounts/role.h"

namespace safelight::serve {

/// Names a person for ever: people are disabled, never deleted, so that a log stays readable.
struct PersonId {
  int64_t value = 0;
  friend auto operator<=>(PersonId, PersonId) = default;
};

enum class PersonState : uint8_t { active, disabled };
enum class SecondFactor : uint8_t {
  none,
  offered,  ///< A secret was given out, and no code of it was seen yet.
  on,
};

struct Person {
  PersonId id;
  std::string login;         ///< May be a pseudonym.
  std::string display_name;  ///< May be a pseudonym too.
  Role role = Role::reviewer;
  PersonState state = PersonState::active;
  SecondFactor second_factor = SecondFactor::none;
  int64_t created_ns = 0;
  std::optional<int64_t> password_set_ns;  ///< Absent: nobody logs in with a password.
};

/// `given` as a login name: 1 to 64 of a-z, 0-9, '.', '-', '_', the first a letter or digit;
/// capitals become small. Errors: malformed, rule "accounts.login".
Result<std::string> login_from_text(std::string_view given);

/// Success for UTF-8 of 1 to 128 bytes without control characters and without marks that turn the
/// direction of writing. Errors: malformed, rule "accounts.name".
Result<void> check_name(std::string_view name);

}  // namespace safelight::serve
