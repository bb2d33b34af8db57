#include "safelight/serve/accounts/secrets/token.h"
#include "safelight/serve/api/answers.h"
#include "safelight/serve/api/routes/route_groups.h"

namespace safelight::serve {
namespace {

constexpr size_t kMaxLoginBytes = 256;
constexpr size_t kMaxPasswordTextBytes = 1024;
constexpr size_t kMaxTokenBytes = 256;
constexpr int64_t kSecondNs = 1'000'000'000;

/// The only case that is open to a person; nullptr where there is none, or a choice.
const std::string* only_case(const Services& services, const Person& person) {
  const std::string* found = nullptr;
  if (!may(person.role, Permission::review)) return found;
  for (const auto& [name, served] : services.cases) {
    if (!is_let_in(served, person.login)) continue;
    if (found != nullptr) return nullptr;
    found = &name;
  }
  return found;
}

/// What a page needs to know of its session.
Response session_answer(const Call& call, const Session* session, std::string_view token) {
  const bool is_open = session != nullptr && session->stage == SessionStage::open;
  auto answer = json_answer([&](JsonWriter& json) {
    json.begin_object().field("state", session == nullptr ? "none"
                                       : is_open          ? "open"
                                                          : "second_factor");
    json.field("csrf", session == nullptr ? std::string_view() : csrf_token(token).view());
    if (is_open) {
      const Person& person = session->person;
      json.key("person").begin_object().field("id", "p" + std::to_string(person.id.value));
      json.field("login", person.login).field("name", person.display_name);
      json.field("role", to_text(person.role)).end_object();
      const std::string* const name = only_case(call.services, person);
      if (name != nullptr) json.field("case", *name);
    }
    json.key("permissions").begin_array();
    for (size_t i = 0; is_open && i < kPermissions; ++i) {
      const auto permission = static_cast<Permission>(i);
      if (may(session->person.role, permission)) json.string(to_text(permission));
    }
    json.end_array().field("idle_seconds", call.services.idle_ns / kSecondNs);
    json.key("server").begin_object().field("version", call.services.version);
    json.field("mode", call.services.mode == ServerMode::local ? "local" : "team");
    json.end_object().end_object();
  });
  return answer;
}

Response began(const Call& call, const NewSession& session) {
  auto answer = session_answer(call, &session.session, session.token.view());
  answer.header("set-cookie", session_cookie(call.request, session.token.view()));
  return answer;
}

/// Notes who came in, or was not let in. What was typed as a login is noted only if it can be one.
void note(const Call& call, std::string_view kind, std::string_view login, std::string_view by) {
  const auto known = login_from_text(login);
  call.services.record.add(kind, {known ? *known : "", call.request.peer.address},
                           {{"by", std::string(by)}});
}

Response answer_login(const Call& call, const LoginAnswer& login, std::string_view name,
                      std::string_view by, StaticText code, StaticText detail) {
  if (login.outcome == LoginOutcome::wait) {
    auto refusal = Response::problem(Status::too_many_requests, "too-many-attempts",
                                     "Too many attempts. Wait a little.");
    refusal.header("retry-after", std::to_string(login.wait_ns / kSecondNs + 1));
    return refusal;
  }
  if (!login.session) {
    note(call, "session.refused", name, by);
    return Response::problem(Status::unauthorised, code, detail);
  }
  if (login.outcome == LoginOutcome::open) note(call, "session.open", name, by);
  return began(call, *login.session);
}

Response get_session(Call& call) {
  const auto& caller = call.caller;
  return session_answer(call, caller.session ? &*caller.session : nullptr, caller.token);
}

Response log_in(Call& call) {
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  const std::string login = body->text("login", kMaxLoginBytes);
  const SecretText password(body->text("password", kMaxPasswordTextBytes));
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());
  return answer_login(
      call, call.services.login.with_password(login, password.view(), call.request.peer.address),
      login, "password", "wrong-login", "Login or password is wrong.");
}

Response give_second_factor(Call& call) {
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  const std::string code = body->text("code", kMaxTokenBytes);
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());
  return answer_login(
      call, call.services.login.with_code(call.caller.token, code, call.request.peer.address),
      call.caller.login(), "code", "wrong-code", "This code is wrong.");
}

Response redeem_link(Call& call) {
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  const SecretText token(body->text("token", kMaxTokenBytes));
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());
  const auto person = call.services.links.redeem(token.view());
  const auto session =
      person ? call.services.sessions.open(*person, SessionStage::open) : std::nullopt;
  if (!session) {
    return Response::problem(Status::unauthorised, "wrong-link",
                             "This link was used before, or is too old.");
  }
  note(call, "session.open", session->session.person.login, "link");
  return began(call, *session);
}

Response log_out(Call& call) {
  call.services.sessions.end(call.caller.session->id);
  note(call, "session.end", call.caller.login(), "person");
  return Response::empty().header("set-cookie", session_cookie(call.request, ""));
}

}  // namespace

void add_session_routes(RouteTable& table) {
  table.add({Method::get, "/v1/session", Access::anyone(), "getSession",
             "Who is logged in, and the token that changes need", "", "Session", get_session});
  table.add({Method::post, "/v1/session", Access::anyone(), "logIn", "Log in with a password",
             "LogIn", "Session", log_in});
  table.add({Method::post, "/v1/session/second-factor", Access::second_factor(), "giveSecondFactor",
             "Give the code of the second factor", "SecondFactor", "Session", give_second_factor});
  table.add({Method::post, "/v1/session/link", Access::anyone(), "redeemLink",
             "Log in with a one-time link", "Link", "Session", redeem_link});
  table.add({Method::del, "/v1/session", Access::session(), "logOut", "Log out", "", "", log_out});
}

}  // namespace safelight::serve
