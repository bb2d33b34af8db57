#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "safelight/serve/accounts/login_throttle.h"
#include "safelight/serve/accounts/people.h"
#include "safelight/serve/accounts/session.h"

namespace safelight::serve {

enum class LoginOutcome : uint8_t {
  open,           ///< A session was opened.
  second_factor,  ///< A session that waits for a code was opened.
  refused,        ///< Login, password or code is wrong, or the person disabled: not said which.
  wait,           ///< Too many attempts: nothing was checked.
};

struct LoginAnswer {
  LoginOutcome outcome = LoginOutcome::refused;
  int64_t wait_ns = 0;                ///< Of wait.
  std::optional<NewSession> session;  ///< Of open and second_factor.
};

/// How people get a session: password, then a code where they have a second factor. Each attempt
/// counts with the throttle; a login starts anew there only once a session is open, so that nobody
/// who knows a password can try codes without end. Safe from many threads. Throws Fault where the
/// store fails.
class Login {
 public:
  /// All outlive it.
  Login(People& people, Sessions& sessions, LoginThrottle& throttle)
      : people_(people), sessions_(sessions), throttle_(throttle) {}

  /// Takes as long whether or not the login exists. `address` as in LoginThrottle::begin().
  [[nodiscard]] LoginAnswer with_password(std::string_view login, std::string_view password,
                                          std::string_view address);
  /// For a session that waits for a code; the open one has another token.
  [[nodiscard]] LoginAnswer with_code(std::string_view token, std::string_view code,
                                      std::string_view address);
  /// Proves again who the person of an open session is, with `code` too where there is a second
  /// factor; the session has another token then. A wrong answer does not end the session.
  [[nodiscard]] LoginAnswer again(std::string_view token, std::string_view password,
                                  std::string_view code, std::string_view address);

 private:
  LoginAnswer renewed(const Session& session, std::string_view address);

  People& people_;
  Sessions& sessions_;
  LoginThrottle& throttle_;
};

}  // namespace safelight::serve
