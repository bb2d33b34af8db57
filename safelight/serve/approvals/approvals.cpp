#include "safelight/serve/approvals/approvals.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "safelight/base/number_text.h"
#include "safelight/base/time_text.h"
#include "safelight/serve/api/answers.h"
#include "safelight/serve/approvals/act_worker.h"

namespace safelight::serve {
namespace {

/// What ended is listed for a week, this many of each kind.
constexpr int64_t kEndedListed = 10;

std::string shown_name(const Services& services, PersonId id) {
  const auto person = services.people.find(id);
  return person ? person->display_name : "";
}

void write_approval(JsonWriter& json, const Call& call, const Act& act) {
  json.begin_object().field("approval", act.id.value).field("kind", to_text(act.kind));
  json.field("state", state_word(act.state)).key("what").embed(act.parameters);
  json.field("by", shown_name(call.services, act.requested_by));
  json.key("mine").boolean(act.requested_by == call.caller.person().id);
  json.field("asked", utc_text(act.requested_ns)).field("expires", utc_text(act.expires_ns));
  if (act.settled_by) json.field("approved_by", shown_name(call.services, *act.settled_by));
  if (act.ended_ns) json.field("ended", utc_text(*act.ended_ns)).key("outcome").embed(act.outcome);
  json.end_object();
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

/// The act that the path names, if the caller may know of it.
std::optional<Act> act_of(const Call& call, const Approvals& approvals) {
  const auto number = whole_number<int64_t>(call.request.parameter("approval"));
  auto act = number ? call.services.approvals.find(ActId{*number}) : std::nullopt;
  if (act && !may_know(call.services, approvals, call.caller.person(), *act)) act.reset();
  return act;
}

/// What waits, is being done, or has ended, in this order.
std::vector<Act> listed(const Services& services) {
  const TwoPersonActs& acts = services.approvals;
  std::vector<Act> out = acts.open();
  std::erase_if(out, [](const Act& act) { return act.state != ActState::pending; });
  std::ranges::move(acts.under_way(), std::back_inserter(out));
  const int64_t since_ns = services.clock.now_ns() - kApprovalNs;
  for (size_t i = 0; i < kActKinds; ++i) {
    std::ranges::move(acts.ended(static_cast<ActKind>(i), since_ns, kEndedListed),
                      std::back_inserter(out));
  }
  return out;
}

Response list_approvals(const Call& call, const Approvals& approvals) {
  return json_answer([&](JsonWriter& json) {
    json.begin_object().key("approvals").begin_array();
    for (const Act& act : listed(call.services)) {
      if (may_know(call.services, approvals, call.caller.person(), act)) {
        write_approval(json, call, act);
      }
    }
    json.end_array().end_object();
  });
}

audit::Details named(const Act& act) {
  return {{"approval", std::to_string(act.id.value)}, {"kind", std::string(to_text(act.kind))}};
}

Response answer_of(const NotDone& not_done) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("type", "about:blank").field("title", to_text(not_done.status));
  json.field("status", static_cast<uint16_t>(not_done.status)).field("code", not_done.code);
  json.field("detail", not_done.detail).end_object();
  return Response::bytes(not_done.status, "application/problem+json", std::move(text));
}

/// Approves what another asked for, and does it at once, or has it done beside this request.
Response approve(Call& call, const Approvals& approvals, ActWorker& worker) {
  const auto known = act_of(call, approvals);
  if (!known) return refused(ActOutcome::not_found);
  const auto approved = call.services.approvals.approve(known->id, call.caller.person().id);
  if (approved.outcome != ActOutcome::done) return refused(approved.outcome);
  call.services.record.add("approval.approve", actor_of(call), named(*known));
  const auto answer = [](ActState state, const audit::Details* done, Status status) {
    return json_answer(
        [&](JsonWriter& json) {
          json.begin_object().field("state", state_word(state));
          if (done != nullptr) audit::write_details(json.key("done"), *done);
          json.end_object();
        },
        status);
  };
  if (approvals.find(known->kind)->takes == ActDoer::Takes::long_time) {
    worker.do_later(*approved.act, actor_of(call));
    return answer(ActState::doing, nullptr, Status::accepted);
  }
  const ActResult result = worker.do_now(*approved.act, actor_of(call));
  if (result.not_done) return answer_of(*result.not_done);
  return answer(ActState::executed, &result.said, Status::ok);
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
      "state": {
        "type": "string",
        "enum": ["pending", "doing", "executed", "failed", "interrupted"],
        "description": "pending: it waits for another person. doing: another approved it, and it is being done or comes next. interrupted: the server ended before it had. Only executed is done."
      },
      "what": {"type": "object", "description": "All that is to be done: exactly this is approved."},
      "by": {"type": "string", "description": "Who asks, by the name that others see."},
      "mine": {"type": "boolean", "description": "Whether that is the caller, who then cannot approve it."},
      "asked": {"type": "string", "format": "date-time"},
      "expires": {"type": "string", "format": "date-time"},
      "approved_by": {"type": "string", "description": "Who approved it, by the name that others see."},
      "ended": {"type": "string", "format": "date-time"},
      "outcome": {
        "type": "object",
        "description": "Of one that ended, as the server's log has it: counts and digests; a code where it was not done, and what it has left.",
        "additionalProperties": {"type": "string"}
      }
    },
    "required": ["approval", "kind", "state", "what", "by", "mine", "asked", "expires"]
  },
  "Approvals": {
    "type": "object",
    "properties": {
      "approvals": {
        "type": "array",
        "description": "What waits; then what is being done; then what ended within a week, at most ten of each kind.",
        "items": {"$ref": "#/components/schemas/Approval"}
      }
    },
    "required": ["approvals"]
  },
  "Approved": {
    "type": "object",
    "properties": {
      "state": {
        "type": "string",
        "enum": ["doing", "executed"],
        "description": "doing (status 202): it takes long, and the list of approvals says what comes of it."
      },
      "done": {
        "type": "object",
        "description": "What came of it, as the server's log has it: counts and digests.",
        "additionalProperties": {"type": "string"}
      }
    },
    "required": ["state"]
  })json";

}  // namespace

Response ask_approval(Call& call, ActKind kind, const std::string& what, audit::Details said) {
  const auto on_record = [&](ActId id) {
    said.emplace_back("approval", std::to_string(id.value));
    call.services.record.add(std::string(to_text(kind)) + ".ask", actor_of(call), said);
  };
  const auto asked =
      call.services.approvals.request(call.caller.person().id, kind, what, kApprovalNs, on_record);
  if (asked.outcome != ActOutcome::done) return refused(asked.outcome);
  return json_answer([&](JsonWriter& json) { write_approval(json, call, *asked.act); },
                     Status::created);
}

std::string reason_of(JsonObject& body) {
  std::string reason = body.text("reason", kMaxReasonBytes);
  if (reason.empty()) body.fail();
  return reason;
}

bool may_know(const Services& services, const Approvals& approvals, const Person& person,
              const Act& act) {
  const ActDoer* doer = approvals.find(act.kind);
  return doer != nullptr && may(person.role, permission_of(act.kind)) &&
         doer->concerns(services, person.login, act.parameters);
}

std::string_view state_word(ActState state) {
  return to_text(state == ActState::approved ? ActState::doing : state);
}

void add_approval_routes(RouteTable& table, const Approvals& approvals, ActWorker& worker) {
  Permissions permissions;
  for (size_t i = 0; i < kActKinds; ++i) permissions |= {permission_of(static_cast<ActKind>(i))};
  const auto any_act = Access::to_any(permissions);
  table.describe(kSchemas);
  const auto with = [&approvals](auto handle) {
    return [&approvals, handle](Call& call) { return handle(call, approvals); };
  };
  table.add({Method::get, "/v1/approvals", any_act, "listApprovals",
             "What waits for a second person, and what came of what was approved", "", "Approvals",
             with(list_approvals)});
  table.add({Method::post, "/v1/approvals/{approval}/approve", any_act, "approve",
             "Approve what another asked for, which is then done", "", "Approved",
             [&approvals, &worker](Call& call) { return approve(call, approvals, worker); },
             ApiRoute::Load::act});
  table.add({Method::post, "/v1/approvals/{approval}/withdraw", any_act, "withdraw",
             "Take a request back, or refuse it", "", "", with(withdraw)});
}

}  // namespace safelight::serve
