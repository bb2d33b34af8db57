#include "safelight/serve/held_api/held_routes.h"

#include <algorithm>

#include "safelight/base/number_text.h"
#include "safelight/base/time_text.h"
#include "safelight/serve/api/answers.h"

namespace safelight::serve {
namespace {

constexpr size_t kMaxIdBytes = 64;
constexpr uint64_t kMaxHoldDays = 3'660;
constexpr int64_t kDayNs = 86'400'000'000'000;
constexpr size_t kMaxListed = 1'000;

Response no_such_upload() {
  return Response::problem(Status::not_found, "no-such-upload", "Nothing of that id is held.");
}

const NotDone kNoSuchUpload{Status::not_found, "no-such-upload", "Nothing of that id is held."};

std::optional<HeldId> upload_of(const Call& call) {
  return held_id_from_text(call.request.parameter("upload"));
}

void write_holds(JsonWriter& json, const std::vector<LegalHold>& holds) {
  json.key("holds").begin_array();
  for (const LegalHold& hold : holds) {
    json.begin_object().field("number", hold.number).field("reason", hold.reason);
    json.field("by", hold.placed_by).field("placed", utc_text(hold.placed_ns));
    json.field("expires", utc_text(hold.expires_ns)).end_object();
  }
  json.end_array();
}

Response list_held(const HeldStore& store) {
  auto ids = store.all();
  const size_t total = ids.size();
  ids.resize(std::min(total, kMaxListed));
  return json_answer([&](JsonWriter& json) {
    json.begin_object().field("total", total).key("uploads").begin_array();
    for (const HeldId& id : ids) {
      const auto upload = store.find(id);
      if (!upload) continue;  // Purged meanwhile.
      json.begin_object().field("upload", id.text).field("bytes", upload->bytes);
      json.field("received", utc_text(upload->received_ns)).field("tenant", upload->tenant);
      const auto holds = store.holds(id);
      write_holds(json, holds ? *holds : std::vector<LegalHold>());
      // One whose holds cannot be read is held by them all the same.
      json.key("is_held").boolean(!holds || !holds->empty()).end_object();
    }
    json.end_array().end_object();
  });
}

Response place_hold(Call& call, HeldStore& store) {
  const auto id = upload_of(call);
  if (!id) return no_such_upload();
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  const std::string reason = body->text("reason", kMaxReasonBytes);
  const auto days = static_cast<int64_t>(body->number("days", kMaxHoldDays));
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());
  call.services.record.add("hold.place", actor_of(call),
                           {{"reason", reason}, {"upload", id->text}});
  const auto number = store.place_hold(*id, reason, call.caller.login(),
                                       call.services.clock.now_ns() + days * kDayNs);
  if (!number) return Response::problem(number.error());
  return json_answer(
      [&](JsonWriter& json) { json.begin_object().field("number", *number).end_object(); },
      Status::created);
}

Response lift_hold(Call& call, HeldStore& store) {
  const auto id = upload_of(call);
  const auto number = whole_number<int64_t>(call.request.parameter("number"));
  if (!id || !number || *number < 0) return no_such_upload();
  call.services.record.add("hold.lift", actor_of(call),
                           {{"number", std::to_string(*number)}, {"upload", id->text}});
  const auto done = store.lift_hold(*id, static_cast<uint32_t>(*number), call.caller.login());
  return done ? Response::empty() : Response::problem(done.error());
}

/// What a purge is, for two persons to agree on: exactly this text.
std::string purge_text(const HeldId& id, std::string_view reason) {
  std::string out;
  JsonWriter(out).begin_object().field("reason", reason).field("upload", id.text).end_object();
  return out;
}

Response ask_purge(Call& call, const HeldStore& store) {
  const auto id = upload_of(call);
  if (!id || !store.find(*id)) return no_such_upload();
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  const std::string reason = reason_of(*body);
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());
  return ask_approval(call, ActKind::purge, purge_text(*id, reason),
                      {{"reason", reason}, {"upload", id->text}});
}

ActResult purge(const AgreedAct& agreed, HeldStore& store) {
  auto what = JsonObject::parse(agreed.act.parameters, "approval.parameters");
  if (!what) return {{}, kNoSuchUpload};
  const auto id = held_id_from_text(what->text("upload", kMaxIdBytes));
  const std::string reason = what->text("reason", kMaxReasonBytes);
  if (const auto whole = what->finish(); !whole || !id) return {{}, kNoSuchUpload};
  const audit::Details said = {{"upload", id->text}};
  switch (store.purge(*id, reason, agreed.asked_by + ", " + agreed.approved_by)) {
    case PurgeOutcome::done:
      return {said, {}};
    case PurgeOutcome::held:
      return {said, NotDone{Status::locked, "held",
                            "A legal hold keeps it. Nothing was purged; ask again later."}};
    case PurgeOutcome::not_found:
    case PurgeOutcome::no_reason:
      break;
  }
  return {said, kNoSuchUpload};
}

constexpr std::string_view kSchemas = R"json(
  "HeldUploads": {
    "type": "object",
    "properties": {
      "total": {"type": "integer", "minimum": 0},
      "uploads": {
        "type": "array",
        "description": "The first thousand.",
        "items": {
          "type": "object",
          "properties": {
            "upload": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "bytes": {"type": "integer", "minimum": 0},
            "received": {"type": "string", "format": "date-time"},
            "tenant": {"type": "string"},
            "is_held": {"type": "boolean"},
            "holds": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "number": {"type": "integer", "minimum": 0},
                  "reason": {"type": "string"},
                  "by": {"type": "string"},
                  "placed": {"type": "string", "format": "date-time"},
                  "expires": {"type": "string", "format": "date-time"}
                },
                "required": ["number", "reason", "by", "placed", "expires"]
              }
            }
          },
          "required": ["upload", "bytes", "received", "tenant", "is_held", "holds"]
        }
      }
    },
    "required": ["total", "uploads"]
  },
  "HoldRequest": {
    "type": "object",
    "properties": {
      "reason": {"type": "string", "minLength": 1, "maxLength": 2000},
      "days": {"type": "integer", "minimum": 1, "maximum": 3660}
    },
    "required": ["reason", "days"]
  },
  "PlacedHold": {
    "type": "object",
    "properties": {"number": {"type": "integer", "minimum": 0}},
    "required": ["number"]
  })json";

}  // namespace

void add_held_routes(RouteTable& table, Approvals& approvals, HeldStore& store) {
  constexpr auto kHold = Access::to(Permission::hold);
  constexpr auto kPurge = Access::to(Permission::purge);
  table.describe(kSchemas);
  const auto with = [&store](auto handle) {
    return [&store, handle](Call& call) { return handle(call, store); };
  };
  table.add({Method::get, "/v1/held", kHold, "listHeld", "Uploads that are held", "", "HeldUploads",
             [&store](Call&) { return list_held(store); }, ApiRoute::Load::heavy});
  table.add({Method::post, "/v1/held/{upload}/holds", kHold, "placeHold",
             "Keep an upload from being purged, for a time", "HoldRequest", "PlacedHold",
             with(place_hold)});
  table.add({Method::del, "/v1/held/{upload}/holds/{number}", kHold, "liftHold",
             "Lift a legal hold", "", "", with(lift_hold)});
  table.add({Method::post,
             "/v1/held/{upload}/purge",
             kPurge,
             "askPurge",
             "Ask that an upload is purged; another person has to approve",
             "Reason",
             "Approval",
             with(ask_purge),
             ApiRoute::Load::light,
             {},
             Status::created});
  approvals.add(ActKind::purge,
                {[&store](Services&, const AgreedAct& agreed) { return purge(agreed, store); }});
}

}  // namespace safelight::serve
