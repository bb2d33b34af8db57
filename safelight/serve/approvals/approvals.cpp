#include "safelight/serve/approvals/approvals.h"

#include <exception>
#include <utility>

#include "safelight/base/number_text.h"
#include "safelight/base/time_text.h"
#include "safelight/serve/api/answers.h"

namespace safelight::serve {
namespace {

void write_approval(JsonWriter& json, Call& call, const Act& act) {
  const auto by = call.services.people.find(act.requested_by);
  json.begin_object().field("approval", act.id.value).field("kind", to_text(act.kind));
  json.key("what").embed(act.parameters).field("by", by ? by->display_name : "");
  json.key("mine").boolean(act.requested_by == call.caller.person().id);
  json.field("asked", utc_text(act.requested_ns));
  json.field("expires", utc_text(act.expires_ns)).end_object();
}

Response refused(ActOutcome outcome) {
  switch (outcome) {
    case ActOutcome::done:
    case ActOutcome::not_found:
      break;
    case ActOutcome::not_permitted:
      return Response::problem(Status::forbidden, "not-permitted",
                               "The role of one of you does not include this.");
    case ActOutcome::same_person:
      return Response::problem(Status::conflict, "same-person",
                               "Who asked does not approve: another person has to.");
    case ActOutcome::wrong_state:
    case ActOutcome::expired:
      return Response::problem(Status::conflict, "approval-over",
                               "This request was settled before, or has expired.");
    case ActOutcome::too_long:
      return Response::problem(Status::content_too_large, "approval-too-long",
                               "The request says more than can be kept.");
    case ActOutcome::too_many:
      return Response::problem(Status::too_many_requests, "too-many-approvals",
                               "Too many requests wait for somebody.");
  }
  return Response::problem(Status::not_found, "no-such-approval", "There is no such request.");
}

/// How acts of this kind are done, if that is here, and if the caller may know of this one.
const ActDoer* doer_for(const Call& call, const Approvals& approvals, const Act& act) {
  const ActDoer* doer = approvals.find(act.kind);
  const bool may_know = doer != nullptr && call.caller.may(permission_of(act.kind)) &&
                        doer->concerns(call, act.parameters);
  return may_know ? doer : nullptr;
}

/// The act that the path names, if the caller may know of it.
std::optional<Act> act_of(const Call& call, const Approvals& approvals) {
  const auto number = whole_number<int64_t>(call.request.parameter("approval"));
  auto act = number ? call.services.approvals.find(ActId{*number}) : std::nullopt;
  if (act && doer_for(call, approvals, *act) == nullptr) act.reset();
  return act;
}

Response list_approvals(Call& call, const Approvals& approvals) {
  return json_answer([&](JsonWriter& json) {
    json.begin_object().key("approvals").begin_array();
    for (const Act& act : call.services.approvals.open()) {
      const bool waits = act.state == ActState::pending;
      if (waits && doer_for(call, approvals, act) != nullptr) write_approval(json, call, act);
    }
    json.end_array().end_object();
  });
}

audit::Details named(const Act& act) {
  return {{"approval", std::to_string(act.id.value)}, {"kind", std::string(to_text(act.kind))}};
}

/// What is done is on record whatever comes of it.
ActResult carry_out(Call& call, const ActDoer& doer, const AgreedAct& agreed) {
  try {
    return doer.carry_out(call, agreed);
  } catch (const std::exception& failure) {
    call.services.log.log(Severity::error, failure.what());
    return {{},
            NotDone{Status::bad_gateway, "not-done",
                    "It was approved and then failed; the server's operator can see why."}};
  }
}

Response answer_of(const NotDone& not_done) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("type", "about:blank").field("title", to_text(not_done.status));
  json.field("status", static_cast<uint16_t>(not_done.status)).field("code", not_done.code);
  json.field("detail", not_done.detail).end_object();
  return Response::bytes(not_done.status, "application/problem+json", std::move(text));
}

/// Approves what another asked for, and does it at once.
Response approve(Call& call, const Approvals& approvals) {
  const auto known = act_of(call, approvals);
  if (!known) return refused(ActOutcome::not_found);
  TwoPersonActs& acts = call.services.approvals;
  const auto approved = acts.approve(known->id, call.caller.person().id);
  if (approved.outcome != ActOutcome::done) return refused(approved.outcome);
  call.services.record.add("approval.approve", actor_of(call), named(*known));
  const auto taken = acts.take(known->id);
  if (taken.outcome != ActOutcome::done) {
    audit::Details why = named(*known);
    why.emplace_back(
        "code", taken.outcome == ActOutcome::not_permitted ? "not-permitted" : "approval-over");
    call.services.record.add("approval.failed", actor_of(call), why);
    return refused(taken.outcome);
  }
  const auto asked_by = call.services.people.find(taken.act->requested_by);
  ActResult result = carry_out(call, *approvals.find(known->kind),
                               {*taken.act, asked_by ? asked_by->login : "", call.caller.login()});
  audit::Details said = named(*known);
  said.insert(said.end(), result.said.begin(), result.said.end());
  if (result.not_done) said.emplace_back("code", result.not_done->code);
  call.services.record.add(result.not_done ? "approval.failed" : "approval.done", actor_of(call),
                           said);
  if (result.not_done) return answer_of(*result.not_done);
  return json_answer([&](JsonWriter& json) {
    json.begin_object().key("done");
    audit::write_details(json, result.said);
    json.end_object();
  });
}

Response withdraw(Call& call, const Approvals& approvals) {
  const auto known = act_of(call, approvals);
  if (!known) return refused(ActOutcome::not_found);
  const auto answer = call.services.approvals.withdraw(known->id, call.caller.person().id);
  if (answer.outcome != ActOutcome::done) return refused(answer.outcome);
  call.services.record.add("approval.withdraw", actor_of(call), named(*known));
  return Response::empty();
}

constexpr std::string_view kSchemas = R"json(
  "Approval": {
    "type": "object",
    "properties": {
      "approval": {"type": "integer", "minimum": 0},
      "kind": {"type": "string", "enum": ["list_change", "threshold_change", "export_originals", "purge"]},
      "what": {"type": "object", "description": "All that is to be done: exactly this is approved."},
      "by": {"type": "string", "description": "Who asks, by the name that others see."},
      "mine": {"type": "boolean", "description": "Whether that is the caller, who then cannot approve it."},
      "asked": {"type": "string", "format": "date-time"},
      "expires": {"type": "string", "format": "date-time"}
    },
    "required": ["approval", "kind", "what", "by", "mine", "asked", "expires"]
  },
  "Approvals": {
    "type": "object",
    "properties": {
      "approvals": {"type": "array", "items": {"$ref": "#/components/schemas/Approval"}}
    },
    "required": ["approvals"]
  },
  "Approved": {
    "type": "object",
    "properties": {
      "done": {
        "type": "object",
        "description": "What came of it, as the server's log has it: counts and digests.",
        "additionalProperties": {"type": "string"}
      }
    },
    "required": ["done"]
  })json";

}  // namespace

Response ask_approval(Call& call, ActKind kind, const std::string& what, audit::Details said) {
  call.services.record.add(std::string(to_text(kind)) + ".ask", actor_of(call), said);
  const auto asked =
      call.services.approvals.request(call.caller.person().id, kind, what, kApprovalNs);
  if (asked.outcome != ActOutcome::done) return refused(asked.outcome);
  return json_answer([&](JsonWriter& json) { write_approval(json, call, *asked.act); },
                     Status::created);
}

std::string reason_of(JsonObject& body) {
  std::string reason = body.text("reason", kMaxReasonBytes);
  if (reason.empty()) body.fail();
  return reason;
}

void add_approval_routes(RouteTable& table, const Approvals& approvals) {
  Permissions permissions;
  for (size_t i = 0; i < kActKinds; ++i) permissions |= {permission_of(static_cast<ActKind>(i))};
  const auto any_act = Access::to_any(permissions);
  table.describe(kSchemas);
  const auto with = [&approvals](auto handle) {
    return [&approvals, handle](Call& call) { return handle(call, approvals); };
  };
  table.add({Method::get, "/v1/approvals", any_act, "listApprovals",
             "What waits for a second person", "", "Approvals", with(list_approvals)});
  table.add({Method::post, "/v1/approvals/{approval}/approve", any_act, "approve",
             "Approve what another asked for, which is then done", "", "Approved", with(approve),
             ApiRoute::Load::act});
  table.add({Method::post, "/v1/approvals/{approval}/withdraw", any_act, "withdraw",
             "Take a request back, or refuse it", "", "", with(withdraw)});
}

}  // namespace safelight::serve
