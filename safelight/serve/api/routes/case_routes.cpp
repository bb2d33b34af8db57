#include <algorithm>

#include "safelight/base/time_text.h"
#include "safelight/serve/api/answers.h"
#include "safelight/serve/api/routes/route_groups.h"

namespace safelight::serve {
namespace {

/// The uses of lists that are in force: the last of each name.
std::vector<casefile::ListUse> lists_in_force(const casefile::Reader& reader) {
  std::vector<casefile::ListUse> out;
  for (casefile::ListUse& use : reader.list_uses()) {
    const auto same = std::find_if(out.begin(), out.end(),
                                   [&](const auto& other) { return other.name == use.name; });
    if (same == out.end()) {
      out.push_back(std::move(use));
    } else {
      *same = std::move(use);
    }
  }
  return out;
}

std::string_view ranking_of(const casefile::Reader& reader) {
  const auto state = reader.triage_state();
  if (!state) return "none";
  return state->whole && state->as_of == reader.evidence_version() ? "current" : "stale";
}

QueueFilter everything() {
  QueueFilter out;
  out.known = KnownItems::shown;
  return out;
}

void write_line(JsonWriter& json, CaseRoom& room, const casefile::CaseInfo& info) {
  json.field("case", room.name()).field("number", info.case_number);
  json.field("exhibit", info.exhibit).field("agency", info.agency);
  json.field("examiner", info.examiner).field("time_zone", info.time_zone);
  json.field("items", room.queue().items());
  json.field("groups", room.queue().page(everything(), 0, 0).total);
}

Response list_cases(Call& call) {
  return json_answer([&](JsonWriter& json) {
    json.begin_object().key("cases").begin_array();
    for (auto& [name, served] : call.services.cases) {
      if (!is_let_in(served, call.caller.login())) continue;
      CaseRoom& room = *served.room;
      const auto held = room.readers().hold();
      json.begin_object();
      write_line(json, room, held.reader().description().info);
      const QueueCounts counts = room.queue().counts(everything());
      const auto& states = counts[Facet::state];
      const auto decided = states.find(to_text(ReviewState::decided));
      json.field("reviewed", decided == states.end() ? 0 : decided->second);
      json.field("scan", held.reader().running() ? "running" : "idle").end_object();
    }
    json.end_array().end_object();
  });
}

Response get_case(Call& call) {
  CaseRoom& room = *call.served->room;
  const auto held = room.readers().hold();
  const auto description = held.reader().description();
  const auto running = held.reader().running();
  const ReviewRules rules = room.rules();
  return json_answer([&](JsonWriter& json) {
    json.begin_object();
    write_line(json, room, description.info);
    json.field("created", utc_text(description.created_ns));
    json.key("lists").begin_array();
    for (const auto& use : lists_in_force(held.reader())) {
      if (!call.caller.may(Permission::see_list)) break;
      json.begin_object().field("name", use.name).field("version", use.content_id);
      json.field("entries", use.entries).end_object();
    }
    json.end_array().key("sources").begin_array();
    for (const auto& source : held.reader().sources()) {
      json.begin_object().field("source", source.source_id);
      json.field("kind", to_text(source.description.kind)).end_object();
    }
    json.end_array().key("scan").begin_object().field("state", running ? "running" : "idle");
    if (running) {
      json.field("run", running->number).field("started", utc_text(running->started_ns));
    }
    json.end_object().key("ranking").begin_object();
    json.field("state", ranking_of(held.reader())).end_object();
    json.key("scheme").embed(to_json(rules.scheme));
    json.key("policy").embed(to_json(rules.policy));
    json.field("version", room.queue().version()).field("last_act", room.queue().last_act());
    json.end_object();
  });
}

Response put_scheme(Call& call) {
  const auto scheme = scheme_from_json(call.request.body.text());
  if (!scheme) return Response::problem(scheme.error());
  call.served->room->set_scheme(*scheme, reviewer_of(call));
  return Response::empty();
}

Response put_policy(Call& call) {
  const auto policy = policy_from_json(call.request.body.text());
  if (!policy) return Response::problem(policy.error());
  call.served->room->set_policy(*policy, reviewer_of(call));
  return Response::empty();
}

Response get_charts(Call& call) {
  const QueueCharts charts = call.served->room->queue().charts();
  return json_answer([&](JsonWriter& json) {
    const auto counts = [&](std::string_view name, std::string_view key, const ValueCounts& of,
                            std::string_view number = "items") {
      json.key(name).begin_array();
      for (const auto& [value, items] : of) {
        json.begin_object().field(key, value).field(number, items).end_object();
      }
      json.end_array();
    };
    json.begin_object();
    counts("composition", "class", charts.by_class);
    counts("types", "type", charts.by_type);
    counts("grades", "grade", charts.by_grade);
    counts("timeline", "month", charts.by_month);
    counts("progress", "day", charts.decided_by_day, "decided");
    json.key("lists").begin_array();
    for (const auto& [hit, items] : charts.by_list) {
      if (!call.caller.may(Permission::see_list)) break;
      json.begin_object().field("list", hit.first).field("category", hit.second);
      json.field("items", items).end_object();
    }
    json.end_array().field("left", charts.left).end_object();
  });
}

}  // namespace

void add_case_routes(RouteTable& table) {
  constexpr auto kReview = Access::to(Permission::review);
  table.add({Method::get, "/v1/cases", kReview, "listCases", "The cases that one may review", "",
             "Cases", list_cases});
  table.add({Method::get, "/v1/cases/{case}", kReview, "getCase", "A case and how it is reviewed",
             "", "Case", get_case});
  table.add({Method::put, "/v1/cases/{case}/scheme", Access::to(Permission::set_policy),
             "putScheme", "Replace the categories of a case", "Scheme", "", put_scheme});
  table.add({Method::put, "/v1/cases/{case}/policy", Access::to(Permission::set_policy),
             "putPolicy", "Replace how a case is reviewed", "Policy", "", put_policy});
  table.add({Method::get, "/v1/cases/{case}/charts", kReview, "getCharts",
             "Figures of a case for charts", "", "Charts", get_charts, ApiRoute::Load::heavy});
}

}  // namespace safelight::serve
