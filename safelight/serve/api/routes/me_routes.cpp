#include "safelight/serve/api/answers.h"
#include "safelight/serve/api/routes/route_groups.h"

namespace safelight::serve {
namespace {

constexpr uint32_t kMaxBreakMinutes = 24 * 60;

Response get_settings(Call& call) {
  return Response::json(Status::ok, to_json(call.services.preferences.of(call.caller.login())));
}

Response put_settings(Call& call) {
  const auto settings = settings_from_json(call.request.body.text());
  if (!settings) return Response::problem(settings.error());
  call.services.preferences.set(call.caller.login(), *settings);
  return Response::empty();
}

Response take_break(Call& call) {
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  const auto minutes = static_cast<uint32_t>(body->number("minutes", kMaxBreakMinutes));
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());
  call.services.breaks.begin(call.caller.login(), minutes, call.services.clock.now_ns());
  return Response::empty();
}

}  // namespace

void add_me_routes(RouteTable& table) {
  table.add({Method::get, "/v1/me/settings", Access::session(), "getSettings",
             "How one works in the app", "", "Settings", get_settings});
  table.add({Method::put, "/v1/me/settings", Access::session(), "putSettings",
             "Change how one works in the app", "Settings", "", put_settings});
  table.add({Method::post, "/v1/me/break", Access::session(), "startBreak", "Begin a break",
             "Break", "", take_break});
}

}  // namespace safelight::serve
