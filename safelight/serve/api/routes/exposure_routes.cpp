#include "safelight/base/time_text.h"
#include "safelight/serve/api/answers.h"
#include "safelight/serve/api/own_budget.h"
#include "safelight/serve/api/routes/route_groups.h"

namespace safelight::serve {
namespace {

constexpr size_t kMaxDays = 60;
constexpr size_t kMaxReasonBytes = 2'000;
constexpr uint64_t kSecondMs = 1'000;

void write_day(JsonWriter& json, const ExposureDay& day) {
  json.field("reveals", day.reveals).field("seconds", day.shown_ms / kSecondMs);
}

void write_days(JsonWriter& json, const std::vector<ExposureDay>& days) {
  json.key("days").begin_array();
  for (const ExposureDay& day : days) {
    json.begin_object().field("day", day.day);
    write_day(json, day);
    json.end_object();
  }
  json.end_array();
}

Response exposure_of(Services& services, std::string_view login) {
  const int64_t now_ns = services.clock.now_ns();
  const ExposureBudget budget = budget_of(services, login);
  const ExposureDay today = services.exposure.today(login, now_ns);
  return json_answer([&](JsonWriter& json) {
    json.begin_object().key("today").begin_object();
    write_day(json, today);
    json.key("by_category").begin_object();
    for (const auto& [category, reveals] : today.by_category) json.field(category, reveals);
    json.end_object().end_object();
    write_days(json, services.exposure.days(login, kMaxDays));
    json.key("budget").begin_object();
    json.field("reveals_a_day", budget.reveals_a_day);
    json.field("seconds_a_day", budget.seconds_a_day);
    json.field("break_every_minutes", budget.break_every_minutes);
    json.field("break_minutes", budget.break_minutes).end_object();
    json.field("next_break_at", utc_text(services.breaks.next(login, budget, now_ns)));
    json.field("break_until", utc_text(services.breaks.until(login, now_ns)));
    json.end_object();
  });
}

Response get_own(Call& call) { return exposure_of(call.services, call.caller.login()); }

Response get_team(Call& call) {
  const auto team = call.services.exposure.team(call.services.clock.now_ns(), kMaxDays);
  return json_answer([&](JsonWriter& json) {
    json.begin_object().key("today").begin_object();
    write_day(json, team.today);
    json.end_object();
    write_days(json, team.days);
    json.field("people", team.people).end_object();
  });
}

/// Another's: who asked and why is on record before anything is told.
Response post_person(Call& call) {
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  const std::string reason = body->text("reason", kMaxReasonBytes);
  if (reason.empty()) body->fail();
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());
  const auto person = call.services.people.find(call.request.parameter("person"));
  if (!person) {
    return Response::problem(Status::not_found, "no-such-person", "Nobody has this login.");
  }
  call.services.record.add("exposure.read", actor_of(call),
                           {{"of", person->login}, {"reason", reason}});
  return exposure_of(call.services, person->login);
}

}  // namespace

void add_exposure_routes(RouteTable& table) {
  table.add({Method::get, "/v1/me/exposure", Access::to(Permission::see_own_exposure),
             "getOwnExposure", "What one was shown, and what is left", "", "Exposure", get_own});
  table.add({Method::get, "/v1/team/exposure", Access::to(Permission::see_team_exposure),
             "getTeamExposure", "What all were shown, in total", "", "TeamExposure", get_team});
  table.add({Method::post, "/v1/people/{person}/exposure",
             Access::to(Permission::see_person_exposure), "getPersonExposure",
             "What one person was shown, for a reason that is written down", "Reason", "Exposure",
             post_person});
}

}  // namespace safelight::serve
