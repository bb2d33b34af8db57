#include "safelight/base/time_text.h"
#include "safelight/serve/api/answers.h"
#include "safelight/serve/api/card_json.h"
#include "safelight/serve/api/own_budget.h"
#include "safelight/serve/api/picture_answer.h"
#include "safelight/serve/api/routes/route_groups.h"

namespace safelight::serve {
namespace {

constexpr size_t kMaxWordBytes = 32;
constexpr size_t kMaxReasonBytes = 2'000;

void write_left(JsonWriter& json, const BudgetLeft& left) {
  json.key("budget").begin_object().field("reveals_left", left.reveals);
  json.field("seconds_left", left.seconds).end_object();
}

Response on_a_break(int64_t until_ns) {
  return problem_with(Status::conflict, "break-due", "It is time for a break.",
                      [&](JsonWriter& json) { json.field("until", utc_text(until_ns)); });
}

Response post_reveal(Call& call) {
  CaseRoom& room = *call.served->room;
  const auto card = named_card(call);
  if (!card) return no_such_item();
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  const std::string rendition = body->text("rendition", kMaxWordBytes);
  std::string reason;
  if (body->has("reason")) reason = body->text("reason", kMaxReasonBytes);
  if (rendition != "grey" && rendition != "colour" && rendition != "original") body->fail();
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());

  if (card->is_known && room.rules().policy.known_needs_reason && reason.empty()) {
    return Response::problem(Status::forbidden, "reason-needed",
                             "Known material is shown only with a reason.");
  }
  const std::string& login = call.caller.login();
  const int64_t now_ns = call.services.clock.now_ns();
  const ExposureBudget budget = budget_of(call.services, room, login);
  if (const auto until = call.services.breaks.reviewing(login, budget, now_ns)) {
    return on_a_break(*until);
  }
  const ExposureDay today = call.services.exposure.today(login, now_ns);
  if (left_of(budget, today).is_used_up()) {
    return Response::problem(Status::too_many_requests, "budget-reached",
                             "Your budget for today is used up.");
  }
  const std::string key = room.grant(card->item, reviewer_of(call), rendition, reason);
  ExposureDay then = today;
  ++then.reveals;
  return json_answer(
      [&](JsonWriter& json) {
        json.begin_object().field("reveal", key);
        json.field("url", "/v1/cases/" + room.name() + "/reveals/" + key + "/picture");
        json.field("max_seconds", room.rules().policy.reveal_max_seconds);
        write_left(json, left_of(budget, then));
        json.end_object();
      },
      Status::created);
}

Response get_revealed(Call& call) {
  const auto picture =
      call.served->room->reveal(call.request.parameter("reveal"), call.caller.login());
  if (picture) return Response::bytes(Status::ok, picture->media_type, picture->bytes);
  if (picture.error().rule == "reveal.none") {
    return Response::problem(Status::not_found, "no-such-reveal",
                             "This reveal was used, or was granted too long ago.");
  }
  return picture_problem(picture.error());
}

Response end_reveal(Call& call) {
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  const uint64_t shown_ms = body->number("shown_ms", UINT64_MAX);
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());
  if (!call.served->room->end_reveal(call.request.parameter("reveal"), call.caller.login(),
                                     shown_ms)) {
    return Response::problem(Status::not_found, "no-such-reveal", "There is no such reveal.");
  }
  return Response::empty();
}

}  // namespace

void add_reveal_routes(RouteTable& table) {
  constexpr auto kReveal = Access::to(Permission::reveal);
  table.add({Method::post,
             "/v1/cases/{case}/items/{item}/reveals",
             kReveal,
             "postReveal",
             "Ask to see an item",
             "RevealRequest",
             "Granted",
             post_reveal,
             ApiRoute::Load::light,
             {},
             Status::created});
  table.add({Method::get, "/v1/cases/{case}/reveals/{reveal}/picture", kReveal, "getRevealed",
             "See an item, once", "", "image/webp", get_revealed, ApiRoute::Load::picture});
  table.add({Method::post, "/v1/cases/{case}/reveals/{reveal}/end", kReveal, "endReveal",
             "Say how long it was shown", "RevealEnd", "", end_reveal});
}

}  // namespace safelight::serve
