#include <algorithm>
#include <array>
#include <deque>

#include "safelight/audit/heads/signed_head.h"
#include "safelight/base/number_text.h"
#include "safelight/base/time_text.h"
#include "safelight/serve/api/answers.h"
#include "safelight/serve/api/routes/route_groups.h"

namespace safelight::serve {
namespace {

constexpr uint64_t kMaxRecords = 500;

constexpr std::array<QueryParameter, 2> kQuery = {{
    {"from", "The first record, counted from 0; the newest records where it is not given",
     R"({"type": "integer", "minimum": 0})"},
    {"count", "How many records, 500 at most", R"({"type": "integer", "minimum": 0})"},
}};

struct Range {
  std::optional<uint64_t> from;  ///< None: the newest.
  uint64_t count = kMaxRecords;
};

std::optional<Range> read_range(const Request& request) {
  Range out;
  for (const NamedText& part : request.query.entries()) {
    if (part.name != "from" && part.name != "count") return std::nullopt;
    const auto number = whole_number<uint64_t>(part.value);
    if (!number) return std::nullopt;
    if (part.name == "from") {
      out.from = *number;
    } else {
      out.count = std::min(*number, kMaxRecords);
    }
  }
  return out;
}

Response malformed_range() {
  return Response::problem(Status::bad_request, "audit.range",
                           "Records are asked for by from and count.");
}

void write_record(JsonWriter& json, const audit::Record& record) {
  json.begin_object().field("record", record.sequence).field("at", utc_text(record.time_ns));
  json.field("kind", record.kind).key("says").embed(record.body).end_object();
}

/// Records in the range, as `each` gives them all in their order; how many there are; and how the
/// log stands, signed, for whoever keeps that elsewhere.
template <class Each>
Response records_answer(Call& call, const Range& range, const std::optional<LogHead>& head,
                        const Each& each) {
  uint64_t total = 0;
  std::deque<audit::Record> chosen;
  each([&](const audit::Record& record) {
    ++total;
    const bool is_before = range.from && record.sequence < *range.from;
    const bool is_after = range.from && chosen.size() == range.count;
    if (is_before || is_after) return;
    chosen.push_back(record);
    if (chosen.size() > range.count) chosen.pop_front();
  });
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("records").begin_array();
  for (const audit::Record& record : chosen) write_record(json, record);
  json.end_array().field("total", total);
  if (head) {
    json.field("head", audit::to_line(audit::sign_head(call.services.signing_key, head->log,
                                                       head->head, call.services.clock.now_ns())));
  }
  json.end_object();
  return Response::json(Status::ok, std::move(out));
}

Response get_server_audit(Call& call) {
  const auto range = read_range(call.request);
  if (!range) return malformed_range();
  call.services.record.add("audit.read", actor_of(call), {{"log", "server"}});
  const ServerLog& record = call.services.record;
  return records_answer(call, *range, record.head(),
                        [&](const auto& use) { record.for_each(use); });
}

Response get_case_audit(Call& call) {
  const auto range = read_range(call.request);
  if (!range) return malformed_range();
  call.services.record.add("audit.read", actor_of(call), {{"log", call.served->room->name()}});
  const auto held = call.served->room->readers().hold();
  const LogHead head{held.reader().description().case_id, call.served->room->head()};
  return records_answer(call, *range, head,
                        [&](const auto& use) { held.reader().for_each_record(use); });
}

}  // namespace

void add_audit_routes(RouteTable& table) {
  constexpr auto kRead = Access::to(Permission::read_audit);
  table.add({Method::get, "/v1/audit", kRead, "getServerAudit",
             "Records of the server's own audit log", "", "AuditRecords", get_server_audit,
             ApiRoute::Load::heavy, kQuery});
  table.add({Method::get, "/v1/cases/{case}/audit", kRead, "getCaseAudit",
             "Records of a case's audit log", "", "AuditRecords", get_case_audit,
             ApiRoute::Load::heavy, kQuery});
}

}  // namespace safelight::serve
