#include "safelight/base/time_text.h"
#include "safelight/serve/api/answers.h"
#include "safelight/serve/api/routes/route_groups.h"
#include "safelight/serve/reports/case_summary.h"

namespace safelight::serve {
namespace {

constexpr size_t kMaxWordBytes = 32;

std::string_view media_type_of(ReportFormat format) {
  switch (format) {
    case ReportFormat::html:
      return "text/html; charset=utf-8";
    case ReportFormat::csv:
      return "text/csv; charset=utf-8";
    case ReportFormat::json:
      break;
  }
  return "application/json";
}

Response post_report(Call& call) {
  auto body = body_of(call);
  if (!body) return Response::problem(body.error());
  const auto format = report_format_from_text(body->text("format", kMaxWordBytes));
  if (!format) body->fail();
  if (const auto whole = body->finish(); !whole) return Response::problem(whole.error());
  const auto report = call.served->reports->make(*format);
  if (!report) {
    return Response::problem(Status::conflict, "case-in-use",
                             "The case grows too fast to be reported: try again.");
  }
  // That a report left the case is part of the case's story.
  call.served->room->note("report.written", {{"format", std::string(to_text(*format))},
                                             {"person", call.caller.login()},
                                             {"from", call.request.peer.address},
                                             {"sha256", to_hex(report->sha256)}});
  return json_answer(
      [&](JsonWriter& json) {
        json.begin_object();
        json.field("url", "/v1/cases/" + call.served->room->name() + "/reports/" + report->name);
        json.field("sha256", to_hex(report->sha256)).end_object();
      },
      Status::created);
}

Response get_report(Call& call) {
  const std::string_view name = call.request.parameter("report");
  auto file = call.served->reports->open(name);
  const auto format = report_format_from_text(name.substr(name.rfind('.') + 1));
  if (!file || !format) {
    return Response::problem(Status::not_found, "no-such-report",
                             "There is no such report any more: make it anew.");
  }
  const auto bytes = file->bytes();
  auto owner = std::make_shared<FileMapping>(std::move(*file));
  return Response::blob(Status::ok, media_type_of(*format), {std::move(owner), bytes})
      .header("content-disposition", "attachment; filename=\"" + std::string(name) + "\"");
}

Response get_summary(Call& call) {
  CaseRoom& room = *call.served->room;
  const auto held = room.readers().hold();
  const CaseSummary summary =
      summarise(held.reader(), held.acts(), room.queue().items(), room.head(),
                call.served->reports->all(), call.services.version, call.services.clock.now_ns());
  room.note("summary.written",
            {{"from", call.request.peer.address}, {"person", call.caller.login()}});
  return Response::json(Status::ok, signed_summary(summary, call.services.signing_key));
}

}  // namespace

void add_report_routes(RouteTable& table) {
  constexpr auto kExport = Access::to(Permission::export_report);
  table.add({Method::post, "/v1/cases/{case}/reports", kExport, "postReport",
             "Make a report of a case", "ReportRequest", "Report", post_report,
             ApiRoute::Load::heavy});
  table.add({Method::get, "/v1/cases/{case}/reports/summary", kExport, "getSummary",
             "What a case came to, signed", "", "Summary", get_summary, ApiRoute::Load::heavy});
  table.add({Method::get, "/v1/cases/{case}/reports/{report}", kExport, "getReport",
             "A report that was made", "", "application/octet-stream", get_report});
}

}  // namespace safelight::serve
