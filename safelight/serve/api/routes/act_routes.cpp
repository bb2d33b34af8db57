#include "safelight/base/fault.h"
#include "safelight/base/time_text.h"
#include "safelight/serve/api/answers.h"
#include "safelight/serve/api/card_json.h"
#include "safelight/serve/api/own_budget.h"
#include "safelight/serve/api/routes/route_groups.h"

namespace safelight::serve {
namespace {

constexpr size_t kMaxNamed = 10'000;
constexpr size_t kMaxValueBytes = 200;
constexpr size_t kMaxNoteBytes = 20'000;
constexpr size_t kMaxIdBytes = 64;
constexpr size_t kItemDigits = 64;
/// More items than a page would wait for are not named in an answer.
constexpr size_t kItemsTold = 10'000;

/// The member that a kind of act has its value in; null for one without.
const char* value_member(casefile::ActKind kind) {
  switch (kind) {
    case casefile::ActKind::category:
    case casefile::ActKind::settle:
      return "category";
    case casefile::ActKind::flag:
    case casefile::ActKind::unflag:
      return "flag";
    case casefile::ActKind::pass_on:
      return "to";
    default:
      return nullptr;
  }
}

Result<ActRequest> read_act(const Call& call) {
  constexpr Error kMalformed{ErrorCode::malformed, "act.request"};
  SAFELIGHT_TRY(JsonObject body, body_of(call));
  ActRequest out;
  const auto kind = casefile::act_kind_from_text(body.text("kind", kMaxValueBytes));
  if (!kind || *kind == casefile::ActKind::undo || *kind == casefile::ActKind::redo) {
    return kMalformed;
  }
  out.kind = *kind;
  for (const std::string& text : body.texts("items", kMaxNamed, kItemDigits)) {
    SAFELIGHT_TRY(const ItemId item, item_from_text(text));
    out.items.push_back(item);
  }
  out.reach = body.boolean("whole_groups") ? ActReach::whole_groups : ActReach::items;
  const char* const value = value_member(*kind);
  if (value != nullptr && body.has(value)) out.value = body.text(value, kMaxValueBytes);
  if (body.has("text")) out.text = body.text("text", kMaxNoteBytes);
  if (body.has("id")) out.id = body.text("id", kMaxIdBytes);
  out.seen = body.number("seen", UINT64_MAX);
  SAFELIGHT_CHECK(body.finish());
  return out;
}

/// The id of a request that says nothing else.
Result<std::string> read_id(const Call& call) {
  SAFELIGHT_TRY(JsonObject body, body_of(call));
  std::string id;
  if (body.has("id")) id = body.text("id", kMaxIdBytes);
  SAFELIGHT_CHECK(body.finish());
  return id;
}

Response refused(ActRefusal refusal) {
  switch (refusal) {
    case ActRefusal::no_items:
      return Response::problem(Status::bad_request, "act.no-items", "The act names no item.");
    case ActRefusal::unknown_item:
      return Response::problem(Status::not_found, "no-such-item",
                               "An item of the act is not in this case.");
    case ActRefusal::unknown_category:
      return Response::problem(Status::conflict, "no-such-category",
                               "The scheme of this case has no such category any more.");
    case ActRefusal::too_many_items:
      return Response::problem(Status::content_too_large, "act.too-many-items",
                               "The act is about too many items.");
    case ActRefusal::nothing_to_say:
      break;
  }
  return Response::problem(Status::bad_request, "act.nothing-to-say", "The act has no text.");
}

Response conflicting(Call& call, const std::vector<ActConflict>& conflicts) {
  const CardWriter cards(call);
  return problem_with(Status::conflict, "conflict", "Somebody decided otherwise meanwhile.",
                      [&](JsonWriter& json) {
                        json.key("conflicts").begin_array();
                        for (const auto& [item, opinion] : conflicts) {
                          json.begin_object().field("item", to_hex(item.value));
                          json.field("act", opinion.act);
                          write_or_null(json, "category", opinion.category);
                          json.field("by", cards.name_of(opinion.person));
                          json.field("at", utc_text(opinion.time_ns)).end_object();
                        }
                        json.end_array();
                      });
}

/// A disk that is full or cannot be written to: the page keeps the act, and tries again.
Response not_saved(Call& call) {
  call.services.log.log(Severity::error, "an act could not be written to its case");
  return Response::problem(Status::service_unavailable, "not-saved",
                           "The case cannot be written to now. Nothing was changed.");
}

Response post_act(Call& call) {
  const auto request = read_act(call);
  if (!request) return Response::problem(request.error());
  if (request->kind == casefile::ActKind::settle && !call.caller.may(Permission::set_policy)) {
    return Response::problem(Status::forbidden, "not-permitted",
                             "A lead settles what people do not agree on.");
  }
  const std::string& login = call.caller.login();
  // To decide is to review, too: breaks count from it. It is reveals that wait for their end.
  call.services.breaks.reviewing(login, budget_of(call.services, *call.served->room, login),
                                 call.services.clock.now_ns());
  try {
    const auto outcome = call.served->room->act(*request, reviewer_of(call));
    if (const auto* refusal = std::get_if<ActRefusal>(&outcome)) return refused(*refusal);
    if (const auto* conflicts = std::get_if<std::vector<ActConflict>>(&outcome)) {
      return conflicting(call, *conflicts);
    }
    const DoneAct& done = std::get<DoneAct>(outcome);
    return json_answer(
        [&](JsonWriter& json) {
          json.begin_object().field("act", done.act).field("items", done.items);
          json.field("version", done.version).end_object();
        },
        Status::created);
  } catch (const Fault&) {
    return not_saved(call);
  }
}

Response turned(std::string_view member, const std::optional<TurnedAct>& act, StaticText nothing) {
  if (!act) return Response::problem(Status::not_found, nothing, "There is nothing of yours.");
  return json_answer([&](JsonWriter& json) {
    json.begin_object().key(member).begin_object().field("act", act->act);
    json.field("kind", to_text(act->kind)).key("items").begin_array();
    for (size_t i = 0; i < std::min(act->items.size(), kItemsTold); ++i) {
      json.string(to_hex(act->items[i].value));
    }
    json.end_array();
    write_or_null(json, "category",
                  act->kind == casefile::ActKind::category ? act->value : std::string());
    json.end_object().end_object();
  });
}

/// Undoes, or does again, as `turn` of the room does.
template <class Turn>
Response post_turn(Call& call, std::string_view member, StaticText nothing, Turn turn) {
  const auto id = read_id(call);
  if (!id) return Response::problem(id.error());
  try {
    return turned(member, (call.served->room.get()->*turn)(reviewer_of(call), *id), nothing);
  } catch (const Fault&) {
    return not_saved(call);
  }
}

Response post_undo(Call& call) {
  return post_turn(call, "undone", "nothing-to-undo", &CaseRoom::undo);
}

Response post_redo(Call& call) {
  return post_turn(call, "redone", "nothing-to-redo", &CaseRoom::redo);
}

}  // namespace

void add_act_routes(RouteTable& table) {
  constexpr auto kDecide = Access::to(Permission::decide);
  table.add({Method::post,
             "/v1/cases/{case}/acts",
             kDecide,
             "postAct",
             "Decide, flag, note or pass on items",
             "ActRequest",
             "DoneAct",
             post_act,
             ApiRoute::Load::long_body,
             {},
             Status::created});
  table.add({Method::post, "/v1/cases/{case}/undo", kDecide, "undo", "Undo what one did last",
             "TurnRequest", "Undone", post_undo});
  table.add({Method::post, "/v1/cases/{case}/redo", kDecide, "redo", "Do again what one undid last",
             "TurnRequest", "Redone", post_redo});
}

}  // namespace safelight::serve
