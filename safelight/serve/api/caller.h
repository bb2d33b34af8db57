#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "safelight/serve/accounts/session.h"
#include "safelight/serve/http/request.h"
#include "safelight/serve/http/response.h"

namespace safelight::serve {

/// What a route asks of whoever calls it.
struct Access {
  enum class Kind : uint8_t {
    anyone,
    second_factor,  ///< A session that waits for a code, or an open one.
    session,        ///< An open session.
    permission,     ///< One whose person may do one of `any_of`.
  };
  Kind kind = Kind::anyone;
  Permissions any_of = {};

  static constexpr Access anyone() { return {}; }
  static constexpr Access second_factor() { return {Kind::second_factor}; }
  static constexpr Access session() { return {Kind::session}; }
  static constexpr Access to(Permission permission) { return {Kind::permission, {permission}}; }
  static constexpr Access to_any(Permissions permissions) {
    return {Kind::permission, permissions};
  }
};

/// Who calls a route.
struct Caller {
  std::string token;  ///< Of the session; empty without one.
  std::optional<Session> session;

  [[nodiscard]] const Person& person() const { return session->person; }
  [[nodiscard]] const std::string& login() const { return session->person.login; }
  [[nodiscard]] bool may(Permission permission) const {
    return session && serve::may(session->person.role, permission);
  }
  [[nodiscard]] bool may_any(Permissions permissions) const {
    return session && permissions_of(session->person.role).meets(permissions);
  }
};

/// The cookie of a session. Over TLS its name has the prefix that keeps other hosts and paths from
/// setting it (RFC 6265bis section 4.1.3.2). On loopback it holds the port: cookies do not tell
/// ports apart, and two servers of one examiner must not end each other's sessions.
std::string cookie_name(const Request& request);
/// The value of Set-Cookie for a session that begins, or that ends where `token` is empty.
std::string session_cookie(const Request& request, std::string_view token);

/// Finds the caller and asks whether it may call such a route: a session by its cookie; for
/// whatever changes something the page's own token (header X-Safelight-CSRF), or, where there is no
/// session yet, a browser that does not say that another site asks; a body of that media type,
/// which is none that a form of another site could send. Throws Fault.
std::variant<Caller, Response> admit(const Request& request, const Access& access,
                                     Sessions& sessions,
                                     std::string_view body_type = "application/json");

}  // namespace safelight::serve
