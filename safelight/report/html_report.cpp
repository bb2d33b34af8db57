#include <string>

#include "safelight/base/base64.h"
#include "safelight/base/html_text.h"
#include "safelight/bytes/new_file.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/report/internal/assets.h"
#include "safelight/report/internal/html_counts.h"
#include "safelight/report/internal/html_items.h"
#include "safelight/report/internal/html_origin.h"
#include "safelight/report/internal/html_review.h"
#include "safelight/report/internal/html_sections.h"
#include "safelight/report/internal/origin_overview.h"
#include "safelight/report/internal/review_record.h"
#include "safelight/report/internal/text.h"
#include "safelight/report/report.h"
#include "safelight/triage/counts.h"

namespace safelight::report {
namespace {

std::string inline_hash(std::string_view text) {
  return "'sha256-" + base64(sha256_of(std::as_bytes(std::span(text))).bytes, Padding::keep) + "'";
}

void write_head(NewFile& out, const casefile::CaseDescription& description) {
  out.write("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
  out.write(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ");
  out.write(inline_hash(html_style()));
  out.write("; script-src ");
  out.write(inline_hash(html_script()));
  out.write("; base-uri 'none'; form-action 'none'\">\n");
  out.write("<meta name=\"referrer\" content=\"no-referrer\">\n");
  out.write("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
  out.write("Safelight report " + escape_html(description.info.case_number));
  out.write("</title>\n<style>");
  out.write(html_style());
  out.write("</style>\n</head>\n<body>\n");
}

void write_banner(NewFile& out, const ReportInput& input,
                  const casefile::CaseDescription& description) {
  const casefile::CaseInfo& info = description.info;
  out.write(
      "<header class=\"top\"><div class=\"bar\"><div class=\"eyebrow\">Safelight report</div>");
  out.write("<h1>" + shown_or(info.case_number, "Case without a number"));
  if (!info.exhibit.empty()) out.write(" &middot; " + escape_html(info.exhibit));
  out.write("</h1><div class=\"sub\">" + shown_or(info.examiner, "Examiner not named"));
  if (!info.agency.empty()) out.write(", " + escape_html(info.agency));
  out.write(" &middot; written " + shown_time(input.written_ns) + " UTC &middot; Safelight " +
            escape_html(input.tool_version));
  out.write("</div></div></header>\n<nav aria-label=\"Sections\"><div class=\"bar\">");
  out.write(
      "<a href=\"#summary\">Summary</a><a href=\"#hits\">Hits</a><a href=\"#groups\">Groups</a>"
      "<a href=\"#gaps\">Not examined</a><a href=\"#types\">Types</a><a "
      "href=\"#evidence\">Origin</a><a href=\"#review\">Review</a><a href=\"#work-left\">What is "
      "left</a><a "
      "href=\"#items\">Order of "
      "review</a><a href=\"#findings\">Findings</a><a href=\"#case\">Case and "
      "runs</a></div></nav>\n"
      "<main>\n");
}

}  // namespace

void write_html(const ReportInput& input, const std::filesystem::path& file, uint64_t max_items) {
  const casefile::Summary summary = input.reader.summary();
  const casefile::CaseDescription description = input.reader.description();
  const uint64_t items = input.review.items.size();
  const ReviewRecord record(input.acts);
  const ReviewTotals totals = record.totals(input.review);
  NewFile out(file);
  write_head(out, description);
  write_banner(out, input, description);
  write_summary(out, input, summary);
  out.write("<div class=\"columns\">\n");
  write_hits(out, input, summary);
  write_groups(out, input.review.groups);
  write_gaps(out, summary);
  write_types(out, summary);
  out.write("</div>\n");
  const OriginOverview overview = survey_origin(input.reader, RankIndex(input.review));
  write_origin(out, summary, overview);
  write_shared(out, overview.shared);
  write_review(out, record, totals);
  write_counts(out, triage::count_case(input.reader, input.review));
  write_order(out, input, decision_choices(record, totals),
              items > max_items ? items - max_items : 0);
  out.write("<div class=\"columns\">\n");
  write_findings(out, summary);
  write_case(out, input);
  out.write(
      "</div>\n<footer>Items are identified by where they were found. Every commit of the case is "
      "in its audit log; note the audit head elsewhere, and <code>safelight case verify</code> can "
      "show that nothing was changed or cut off since.</footer>\n</main>\n");
  ReviewColumn column(record, totals);
  write_html_data(out, input, column, max_items);
  out.write("<script>");
  out.write(html_script());
  out.write("</script>\n</body>\n</html>\n");
  out.commit();
}

}  // namespace safelight::report
