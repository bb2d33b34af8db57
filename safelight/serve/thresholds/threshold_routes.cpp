#include "safelight/serve/thresholds/threshold_routes.h"

#include <utility>

#include "safelight/serve/api/answers.h"

namespace safelight::serve {
namespace {

/// What two persons agree on.
struct ThresholdChange {
  Thresholds to;
  std::string reason;
};

std::string to_json(const ThresholdChange& change) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  write(json, change.to);
  json.field("reason", change.reason).end_object();
  return out;
}

/// Of a request, or what to_json() wrote. Errors: malformed.
Result<ThresholdChange> change_from(JsonObject object) {
  ThresholdChange out{read_thresholds(object), reason_of(object)};
  SAFELIGHT_CHECK(object.finish());
  return out;
}

audit::Details said_of(const Thresholds& thresholds, std::string_view suffix = "") {
  return {{"holds_from" + std::string(suffix), std::string(to_text(thresholds.holds_from))},
          {"radius_bits" + std::string(suffix), std::to_string(thresholds.radius_bits)}};
}

Response ask_change(Call& call) {
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  const auto change = change_from(*std::move(body));
  if (!change) return Response::problem(change.error());
  audit::Details said = said_of(change->to);
  said.emplace_back("reason", change->reason);
  return ask_approval(call, ActKind::threshold_change, to_json(*change), std::move(said));
}

ActResult carry_out(const AgreedAct& agreed, KeptThresholds& thresholds) {
  auto what = JsonObject::parse(agreed.act.parameters, "approval.parameters");
  const auto change = what ? change_from(*std::move(what)) : what.error();
  if (!change) {
    return {{}, NotDone{Status::conflict, std::string(change.error().rule), "It says nothing."}};
  }
  ActResult out{said_of(change->to), std::nullopt};
  const Thresholds before = thresholds.set(change->to);
  for (auto& one : said_of(before, "_before")) out.said.push_back(std::move(one));
  return out;
}

constexpr std::string_view kSchemas = R"json(
  "Thresholds": {
    "type": "object",
    "properties": {
      "radius_bits": {
        "type": "integer",
        "minimum": 0,
        "maximum": 63,
        "description": "The largest distance of fingerprints that is a match. Over 31 every fingerprint of a list is compared."
      },
      "holds_from": {
        "type": "string",
        "enum": ["unknown", "review", "known"],
        "description": "The least grave meaning of a match that holds an upload."
      }
    },
    "required": ["radius_bits", "holds_from"]
  },
  "ThresholdChange": {
    "type": "object",
    "properties": {
      "radius_bits": {"type": "integer", "minimum": 0, "maximum": 63},
      "holds_from": {"type": "string", "enum": ["unknown", "review", "known"]},
      "reason": {"type": "string", "minLength": 1, "maxLength": 2000}
    },
    "required": ["radius_bits", "holds_from", "reason"],
    "additionalProperties": false
  })json";

}  // namespace

void add_threshold_routes(RouteTable& table, Approvals& approvals, KeptThresholds& thresholds) {
  constexpr auto kPolicy = Access::to(Permission::set_policy);
  constexpr std::string_view kPath = "/v1/screening/thresholds";
  table.describe(kSchemas);
  table.add({Method::get, kPath, kPolicy, "getThresholds", "From where on an upload is held", "",
             "Thresholds", [&thresholds](Call&) {
               return Response::json(Status::ok, to_json(thresholds.now()));
             }});
  table.add({Method::post,
             kPath,
             kPolicy,
             "askThresholdChange",
             "Ask for other thresholds; another person has to approve",
             "ThresholdChange",
             "Approval",
             ask_change,
             ApiRoute::Load::light,
             {},
             Status::created});
  approvals.add(ActKind::threshold_change, {[&thresholds](Services&, const AgreedAct& agreed) {
                  return carry_out(agreed, thresholds);
                }});
}

}  // namespace safelight::serve
