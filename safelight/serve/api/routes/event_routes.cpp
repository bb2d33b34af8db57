#include "safelight/serve/api/answers.h"
#include "safelight/serve/api/card_json.h"
#include "safelight/serve/api/presence.h"
#include "safelight/serve/api/routes/route_groups.h"

namespace safelight::serve {
namespace {

Response get_events(Call& call) {
  auto stream = std::make_shared<EventStream>();
  call.served->room->audience().join(stream, call.caller.login());
  tell_presence(call.services, *call.served->room);
  return Response::events(std::move(stream));
}

Response post_presence(Call& call) {
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  std::optional<ItemId> item;
  if (body->has("item")) {
    const auto named = item_from_text(body->text("item", 64));
    if (!named) return Response::problem(named.error());
    item = *named;
  }
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());
  call.served->room->audience().look_at(call.caller.login(), item);
  tell_presence(call.services, *call.served->room);
  return Response::empty();
}

}  // namespace

void add_event_routes(RouteTable& table) {
  constexpr auto kReview = Access::to(Permission::review);
  table.add({Method::get, "/v1/cases/{case}/events", kReview, "getEvents",
             "What happens in a case, as it happens", "", "text/event-stream", get_events});
  table.add({Method::post, "/v1/cases/{case}/presence", kReview, "postPresence",
             "Say which item one looks at", "Presence", "", post_presence});
}

}  // namespace safelight::serve
