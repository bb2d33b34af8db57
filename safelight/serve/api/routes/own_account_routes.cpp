#include "safelight/serve/api/answers.h"
#include "safelight/serve/api/routes/route_groups.h"

namespace safelight::serve {
namespace {

constexpr size_t kMaxTextBytes = 1'024;
constexpr std::string_view kIssuer = "Safelight";

Response wrong_password() {
  return Response::problem(Status::forbidden, "wrong-password", "The present password is wrong.");
}

/// Ends the person's sessions, this one too.
Response put_password(Call& call) {
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  const SecretText now(body->text("password", kMaxTextBytes));
  const SecretText next(body->text("new_password", kMaxTextBytes));
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());
  People& people = call.services.people;
  if (!people.check_password(call.caller.login(), now.view())) return wrong_password();
  call.services.record.add("password.change", actor_of(call), {});
  const auto done = people.set_password(call.caller.person().id, next.view());
  return done ? Response::empty() : Response::problem(done.error());
}

Response offer_second_factor(Call& call) {
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  const SecretText password(body->text("password", kMaxTextBytes));
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());
  People& people = call.services.people;
  if (!people.check_password(call.caller.login(), password.view())) return wrong_password();
  const auto secret = people.offer_second_factor(call.caller.person().id);
  if (!secret) return Response::problem(secret.error());
  return json_answer([&](JsonWriter& json) {
    json.begin_object().field("secret", secret->text().view());
    json.field("uri", secret->uri(kIssuer, call.caller.login()).view()).end_object();
  });
}

Response confirm_second_factor(Call& call) {
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  const std::string code = body->text("code", kMaxTextBytes);
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());
  call.services.record.add("second_factor.confirm", actor_of(call), {});
  const auto done = call.services.people.confirm_second_factor(call.caller.person().id, code);
  return done ? Response::empty() : Response::problem(done.error());
}

}  // namespace

void add_own_account_routes(RouteTable& table) {
  table.add({Method::put, "/v1/me/password", Access::session(), "putPassword",
             "Change one's password; sessions end", "PasswordChange", "", put_password});
  table.add({Method::post, "/v1/me/second-factor", Access::session(), "offerSecondFactor",
             "A new secret for an authenticator; it counts once a code is given", "Password",
             "SecondFactorSecret", offer_second_factor});
  table.add({Method::post, "/v1/me/second-factor/confirm", Access::session(), "confirmSecondFactor",
             "Give the first code of a new authenticator", "SecondFactor", "",
             confirm_second_factor});
}

}  // namespace safelight::serve
