#include "safelight/report/internal/html_origin.h"

#include <algorithm>
#include <string>

#include "safelight/base/html_text.h"
#include "safelight/base/number_text.h"
#include "safelight/evidence/origin.h"
#include "safelight/report/internal/html_parts.h"
#include "safelight/report/internal/html_words.h"
#include "safelight/report/internal/text.h"

namespace safelight::report {
namespace {

std::string number_or_filter(std::string_view filter, std::string_view value, uint64_t items) {
  return items == 0 ? "0" : filter_button(filter, value, items);
}

void write_grades(NewFile& out, const casefile::Summary& summary) {
  out.write(
      "<table class=\"plain\"><thead><tr><th>Grade</th><th>What it means</th><th class=\"n\">Items"
      "</th></tr></thead><tbody>");
  for (const Grade grade : kOriginGrades) {
    const std::string name(to_text(grade));
    out.write("<tr><td>" + tag(name, name) + "</td><td>" + std::string(meaning_of(grade)) +
              "</td><td class=\"n\">" + number_or_filter("grade", name, summary.items_of(grade)) +
              "</td></tr>");
  }
  out.write("</tbody></table>");
}

void write_sides(NewFile& out, const OriginOverview& overview) {
  const auto row = [&](const std::string& what, std::string_view meaning, std::string_view filter,
                       uint64_t items) {
    out.write("<tr><td>" + what + "</td><td>" + std::string(meaning) + "</td><td class=\"n\">" +
              number_or_filter("origin", filter, items) + "</td></tr>");
  };
  out.write(
      "<table class=\"plain\"><thead><tr><th>Evidence of</th><th></th><th class=\"n\">Items</th>"
      "</tr></thead><tbody>");
  row(tag("camera", "camera"),
      "Something says that a camera took the picture. It comes first within its class, the "
      "stronger evidence before the weaker.",
      "camera", overview.camera);
  row(tag("synthesis", "synthesis"),
      "Something says that a generator made the picture or a part of it. It stands where it would "
      "without: pictures of real people can be edited, or declared so, too.",
      "synthesis", overview.synthesis);
  row("both", "Counted in either as well, such as a photograph that was edited with a generator.",
      "both", overview.both);
  row("nothing found",
      "No origin evidence where it was looked for. That says nothing of where the file comes from.",
      "nothing", overview.nothing_found);
  row("not looked for",
      "No metadata or pixels were searched, as of folders, archives and files that are not opened.",
      "not-looked-for", overview.by_scope[static_cast<size_t>(OriginScope::none)]);
  out.write("</tbody></table>");
}

/// The first places in the order of review, so that the items can be found without the script.
std::string places(const SharedValue& shared) {
  std::string text = "No. ";
  for (size_t i = 0; i < shared.ranks.size(); ++i) {
    text += (i == 0 ? "" : ", ") + grouped(shared.ranks[i]);
  }
  return text + (shared.items > shared.ranks.size() ? " ..." : "");
}

}  // namespace

void write_origin(NewFile& out, const casefile::Summary& summary, const OriginOverview& overview) {
  out.write("<section id=\"evidence\" class=\"card\"><h2>Evidence of origin</h2>");
  const bool looked_for = std::any_of(overview.by_scope.begin() + 1, overview.by_scope.end(),
                                      [](uint64_t items) { return items != 0; });
  if (!looked_for && summary.by_grade.empty()) {
    out.write("<p>Origin not looked for.</p></section>\n");
    return;
  }
  const auto scope = [&](OriginScope one) {
    return grouped(overview.by_scope[static_cast<size_t>(one)]);
  };
  out.write(
      "<p class=\"faint\">What files and pixels say of where they come from, by how far it can be "
      "relied on. Most files carry nothing, and most evidence is lost by copying through a "
      "messenger, scaling or saving again. Looked for in metadata and pixels: " +
      scope(OriginScope::pixels) + "; in metadata, not in the pixels (--deep): " +
      scope(OriginScope::metadata) + "; not looked for: " + scope(OriginScope::none) +
      ". An item counts once for each grade that it carries.</p><div class=\"halves\">");
  write_grades(out, summary);
  write_sides(out, overview);
  out.write("</div></section>\n");
}

void write_shared(NewFile& out, const SharedValues& shared) {
  if (shared.values.empty() && shared.not_compared == 0) return;
  out.write(
      "<section id=\"shared\" class=\"card\"><h2>Shared by marks of generators</h2><p "
      "class=\"faint\">Values that two or more different files declare, so that they may have been "
      "made with the same model, workflow or job. Popular models, default seeds and workflows "
      "that many people use are shared by chance; a job id, a prompt or several values together "
      "say more. Anybody can write them. Copies of the same bytes count as one file.</p>");
  if (!shared.values.empty()) {
    out.write(
        "<div class=\"scroll\"><table class=\"plain\"><thead><tr><th>Kind</th><th>Value</th>"
        "<th>In the order of review</th><th class=\"n\">Files</th><th class=\"n\">Items</th></tr>"
        "</thead><tbody>");
    for (const SharedValue& one : shared.values) {
      const std::string value = escape_name(one.value);  // as in the rows, which the button filters
      out.write("<tr><td class=\"when\">" + escape_html(one.kind) + "</td><td class=\"mono\">" +
                escape_html(value) + "</td><td class=\"faint\">" + places(one) +
                "</td><td class=\"n\">" + grouped(one.contents) + "</td><td class=\"n\">" +
                filter_button("shared", value, one.items,
                              " data-kind=\"" + escape_html(one.kind) + "\"") +
                "</td></tr>");
    }
    out.write("</tbody></table></div>");
  }
  if (shared.left_out != 0) {
    out.write("<p class=\"faint\">" +
              counted(shared.left_out, "further value is", "further values are") +
              " shared, by fewer files, and left out here.</p>");
  }
  if (shared.not_compared != 0) {
    out.write("<p class=\"faint\"><b>" + counted(shared.not_compared, "value was", "values were") +
              " not compared</b>, so that memory stays bounded: the counts are too low.</p>");
  }
  out.write("</section>\n");
}

}  // namespace safelight::report
