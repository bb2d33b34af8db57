#include "safelight/report/internal/html_sections.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "safelight/base/html_text.h"
#include "safelight/base/number_text.h"
#include "safelight/report/internal/html_parts.h"
#include "safelight/report/internal/html_words.h"
#include "safelight/report/internal/text.h"

namespace safelight::report {
namespace {

using casefile::Summary;
using casefile::Tally;

template <typename Map, typename Key>
uint64_t count_in(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? 0 : found->second;
}

uint64_t items_in(const std::map<Coverage, Tally>& map, Coverage coverage) {
  const auto found = map.find(coverage);
  return found == map.end() ? 0 : found->second.items;
}

/// The lists in force: the last use of each name.
std::map<std::string, casefile::ListUse> lists_in_force(const casefile::Reader& reader) {
  std::map<std::string, casefile::ListUse> lists;
  for (casefile::ListUse& use : reader.list_uses()) lists[use.name] = std::move(use);
  return lists;
}

void write_tile(NewFile& out, std::string_view style, uint64_t number, std::string_view label) {
  out.write("<div class=\"tile ");
  out.write(style);
  out.write("\"><b>" + grouped(number) + "</b><span>");
  out.write(label);
  out.write("</span></div>");
}

/// A bar whose parts are as long as the shares of items examined in full, in part and not at all.
void write_coverage_bar(NewFile& out, const Summary& summary) {
  constexpr uint64_t kLength = 10'000;
  constexpr uint64_t kLeast = 40;  // What there is few of can still be seen.
  const auto length = [&](Coverage coverage) {
    const uint64_t items = items_in(summary.by_coverage, coverage);
    return items == 0 ? 0 : std::max(kLeast, items * kLength / summary.items.items);
  };
  // Each part reaches to the right end; the next one covers what is not its own.
  const auto part = [&](Coverage coverage, uint64_t to_the_end) {
    if (length(coverage) == 0) return;
    to_the_end = std::min(to_the_end, kLength);
    out.write("<rect class=\"" + std::string(to_text(coverage)) + "\" x=\"" +
              std::to_string(kLength - to_the_end) + "\" y=\"0\" height=\"10\" width=\"" +
              std::to_string(to_the_end) + "\"/>");
  };
  out.write(
      "<svg class=\"bar-chart\" viewBox=\"0 0 10000 10\" preserveAspectRatio=\"none\" "
      "aria-hidden=\"true\">");
  part(Coverage::full, kLength);
  part(Coverage::partial, length(Coverage::partial) + length(Coverage::none));
  part(Coverage::none, length(Coverage::none));
  out.write("</svg>");
}

void write_class_rows(NewFile& out, const std::vector<triage::Place>& places) {
  struct Count {
    uint64_t items = 0;
    uint64_t to_look_at = 0;
  };
  std::array<Count, triage::kRankClasses> counts;
  for (const triage::Place& place : places) {
    Count& count = counts[static_cast<size_t>(place.rank_class)];
    ++count.items;
    if (place.shown_with == triage::kNobody) ++count.to_look_at;
  }
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i].items == 0) continue;
    const auto rank_class = static_cast<triage::RankClass>(i);
    const std::string name(to_text(rank_class));
    out.write("<tr><td>" + tag(name, rank_class_words(rank_class)) + "</td><td>" +
              std::string(rank_class_meaning(rank_class)) + "</td><td class=\"n\">" +
              filter_button("class", name, counts[i].items) + "</td><td class=\"n\">" +
              filter_button("class", name, counts[i].to_look_at, " data-leads=\"1\"") +
              "</td></tr>");
  }
}

void write_filters(NewFile& out, const std::string& decision_choices) {
  const auto select = [&](std::string_view id, std::string_view label, std::string_view choices) {
    out.write("<label>" + std::string(label) + "<select id=\"" + std::string(id) + "\">" +
              std::string(choices) + "</select></label>");
  };
  out.write(
      "<div class=\"filters\"><label class=\"search\">Search path, digest, fingerprint or id"
      "<input id=\"search\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\"></label>");
  select("class", "Why", "");
  select("decision", "Decision", decision_choices);
  select("opened", "Opened",
         "<option value=\"\">any</option><option value=\"yes\">opened</option><option "
         "value=\"no\">not opened</option>");
  select("leads", "Groups",
         "<option value=\"\">every item</option><option value=\"1\">one of each</option>");
  select("hit", "Hit",
         "<option value=\"\">any or none</option><option value=\"3\">known</option><option "
         "value=\"2\">review</option><option value=\"1\">unknown</option><option value=\"0\">"
         "ordinary</option><option value=\"-1\">no hit</option>");
  select("list", "List", "");
  select("coverage", "Examined",
         "<option value=\"\">any</option><option value=\"0\">in full</option><option value=\"gap\">"
         "in part or not</option><option value=\"1\">in part</option><option value=\"2\">not"
         "</option>");
  select("error", "Reason", "");
  select("type", "Type", "");
  select("finding", "Finding", "");
  select("origin", "Origin",
         "<option value=\"\">any</option><option value=\"camera\">evidence of a camera</option>"
         "<option value=\"synthesis\">evidence of synthesis</option><option value=\"both\">both"
         "</option><option value=\"nothing\">nothing found</option><option "
         "value=\"not-looked-for\">not looked for</option>");
  select("grade", "Grade", "");
  select("source", "Source", "");
  out.write(
      "<button id=\"widen\" hidden>Show all</button><button id=\"reset\">Reset</button></div>");
}

}  // namespace

void write_summary(NewFile& out, const ReportInput& input, const Summary& summary) {
  const uint64_t full = items_in(summary.by_coverage, Coverage::full);
  const uint64_t partial = items_in(summary.by_coverage, Coverage::partial);
  const uint64_t none = items_in(summary.by_coverage, Coverage::none);
  const auto lists = lists_in_force(input.reader);
  uint64_t entries = 0;
  for (const auto& [name, use] : lists) entries += use.entries;
  out.write(
      "<section id=\"summary\"><div class=\"card\"><h2>What was examined</h2><p class=\"lead\">");
  out.write(counted(summary.items.items, "item", "items") + " (" +
            readable_bytes(summary.items.bytes) + ", " +
            counted(summary.contents, "distinct content", "distinct contents") + ") from " +
            counted(input.reader.sources().size(), "source", "sources") + ": <b>" + grouped(full) +
            "</b> examined in full, <b>" + grouped(partial) + "</b> in part, <b>" + grouped(none) +
            "</b> not. ");
  if (lists.empty()) {
    out.write("No list was used, so nothing was compared with known material.");
  } else {
    out.write("Compared with " + counted(lists.size(), "list", "lists") + " of " +
              counted(entries, "entry", "entries") + ".");
  }
  out.write("</p>");
  write_coverage_bar(out, summary);
  out.write(
      "<p class=\"legend\"><span class=\"full\">in full</span><span class=\"partial\">in part"
      "</span><span class=\"none\">not examined</span></p></div><div class=\"tiles\">");
  write_tile(out, "known", count_in(summary.by_disposition, Disposition::known),
             "items with a known hit");
  write_tile(out, "review", count_in(summary.by_disposition, Disposition::review),
             "items with a hit for review");
  write_tile(out, "gap", partial, "examined in part");
  write_tile(out, "gap", none, "not examined");
  write_tile(out, "", input.review.groups.exact.size(), "groups of the same bytes");
  write_tile(out, "", input.review.groups.near.size(), "groups that look alike");
  out.write(
      "</div><div class=\"note\"><p><b>How to read this.</b> A finding is evidence for a human "
      "to weigh, not a verdict. A hit says that an item matches an entry of a named list. The "
      "absence of hits and findings never means that a file is harmless, nor does it say where the "
      "file comes from. What was not or only partly examined is listed as such. This report holds "
      "no pictures.</p></div>"
      "<noscript><div class=\"note warn\"><p>The list of items and the groups need JavaScript, "
      "which is switched off here. The figures stand without it; the CSV report lists every item."
      "</p></div></noscript></section>\n");
}

void write_hits(NewFile& out, const ReportInput& input, const Summary& summary) {
  out.write("<section id=\"hits\" class=\"card\"><h2>Hits by list and category</h2>");
  const auto lists = lists_in_force(input.reader);
  if (lists.empty()) {
    out.write("<p class=\"faint\">No list was used, so there can be no hit.</p></section>\n");
    return;
  }
  if (summary.by_hit.empty()) {
    out.write("<p>No item matches an entry of the lists that were used.</p>");
  } else {
    std::vector<std::pair<Summary::HitGroup, uint64_t>> groups(summary.by_hit.begin(),
                                                               summary.by_hit.end());
    std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
      return a.first.disposition > b.first.disposition;
    });
    out.write(
        "<div class=\"scroll\"><table class=\"plain\"><thead><tr><th>Disposition</th><th>List"
        "</th><th>Category</th><th class=\"n\">Items</th></tr></thead><tbody>");
    for (const auto& [group, items] : groups) {
      const std::string disposition(to_text(group.disposition));
      out.write("<tr><td>" + tag(disposition, disposition) + "</td><td>" + escape_html(group.list) +
                "</td><td>" + shown_or(group.category, "none") + "</td><td class=\"n\">" +
                filter_button("list", group.list, items,
                              " data-category=\"" + escape_html(group.category) + "\"") +
                "</td></tr>");
    }
    out.write("</tbody></table></div>");
  }
  out.write("<p class=\"faint\">Lists used: ");
  std::string_view comma;
  for (const auto& [name, use] : lists) {
    out.write(comma);
    out.write(escape_html(name) + " (" + counted(use.entries, "entry", "entries") + ")");
    comma = ", ";
  }
  out.write(". An item counts once for each list and category that it matches.</p></section>\n");
}

void write_gaps(NewFile& out, const Summary& summary) {
  const uint64_t none = items_in(summary.by_coverage, Coverage::none);
  const uint64_t partial = items_in(summary.by_coverage, Coverage::partial);
  out.write("<section id=\"gaps\" class=\"card\"><h2>Not and partly examined</h2>");
  if (none + partial == 0) {
    out.write(
        "<p>Every item was examined in full: all in it that this version looks at was looked "
        "at.</p></section>\n");
    return;
  }
  out.write("<p>Not examined: " + filter_button("coverage", "2", none) +
            ". Examined in part: " + filter_button("coverage", "1", partial) +
            ". The place in the file stands with each item.</p><div class=\"scroll\"><table "
            "class=\"plain\"><thead><tr><th>Reason</th><th></th><th class=\"n\">Items</th></tr>"
            "</thead><tbody>");
  uint64_t by_findings = none + partial;
  for (const auto& [code, items] : summary.by_error) {
    by_findings -= std::min(by_findings, items);
    out.write("<tr><td class=\"when\">" + escape_html(code) + "</td><td>" +
              std::string(error_words(error_code_from_text(code))) + "</td><td class=\"n\">" +
              filter_button("error", code, items) + "</td></tr>");
  }
  if (by_findings != 0) {
    out.write(
        "<tr><td class=\"when\">no single reason</td><td>The findings of each item say why."
        "</td><td class=\"n\">" +
        filter_button("error", "", by_findings, " data-none=\"1\"") + "</td></tr>");
  }
  out.write("</tbody></table></div></section>\n");
}

void write_groups(NewFile& out, const triage::Groups& groups) {
  out.write("<section id=\"groups\" class=\"card\"><h2>Groups</h2>");
  if (groups.exact.empty() && groups.near.empty()) {
    out.write("<p>No two items have the same bytes or look alike.</p>");
  } else {
    out.write(
        "<p class=\"faint\">Exact groups hold the same bytes. Near groups hold pictures that look "
        "alike: the PDQ fingerprint of each, in the mode named, lies within the distance shown "
        "from that of one of them, the centre. The item shown is the best to look at.</p><div "
        "class=\"scroll\"><table class=\"plain\">"
        "<thead><tr><th>Group</th><th>Item shown</th><th class=\"n\">Farthest</th><th class=\"n\">"
        "Items</th></tr></thead><tbody id=\"group-rows\"></tbody></table></div><p class=\"faint\" "
        "id=\"group-more\"></p>");
  }
  out.write("<p class=\"faint\">Not compared by likeness: " +
            counted(groups.without_fingerprint, "item", "items") + " without a fingerprint, " +
            grouped(groups.of_low_quality) + " with too little structure for one.</p></section>\n");
}

void write_order(NewFile& out, const ReportInput& input, const std::string& decision_choices,
                 uint64_t left_out) {
  const bool has_decisions = !decision_choices.empty();
  out.write(
      "<section id=\"items\"><div class=\"card\"><h2>Order of review</h2><p class=\"faint\">All "
      "items, those first that a human should see first. Where several have the same bytes or look "
      "alike within a class, the best to look at stands for the others, which follow it. Within a "
      "class come first: a victim whom a list calls not identified, the seized device, evidence of "
      "a camera, recent capture, nearness to known material. Evidence of synthesis moves "
      "nothing.</p><table "
      "class=\"plain classes\"><thead><tr><th>Why</th><th></th><th class=\"n\">Items</th>"
      "<th class=\"n\">One of each group</th></tr></thead><tbody>");
  write_class_rows(out, input.review.places);
  out.write("</tbody></table></div>");
  if (left_out != 0) {
    out.write("<div class=\"note warn\"><p><b>" + counted(left_out, "item is", "items are") +
              " left out below</b> so that a browser can hold the list: the last in the order of "
              "review. The CSV and JSON reports list every item.</p></div>");
  }
  write_filters(out, decision_choices);
  out.write(
      "<p id=\"count\" role=\"status\"></p><div id=\"work\" class=\"work" +
      std::string(has_decisions ? " reviewed" : "") +
      "\"><div class=\"list\" "
      "id=\"grid\" role=\"grid\" tabindex=\"0\" aria-label=\"Items; the arrow keys choose one\">"
      "<div role=\"row\" id=\"head\" class=\"row headrow\">"
      "<span role=\"columnheader\" class=\"n\"><button data-key=\"order\" title=\"Place in the "
      "order of review\">No.</button></span>"
      "<span role=\"columnheader\"><button data-key=\"path\">Path</button></span>"
      "<span role=\"columnheader\"><button data-key=\"class\">Why</button></span>" +
      std::string(has_decisions ? "<span role=\"columnheader\"><button data-key=\"decision\">"
                                  "Decision</button></span>"
                                : "") +
      "<span role=\"columnheader\"><button data-key=\"origin\">Origin</button></span>"
      "<span role=\"columnheader\"><button data-key=\"coverage\">Examined</button></span>"
      "<span role=\"columnheader\"><button data-key=\"type\">Type</button></span>"
      "<span role=\"columnheader\" class=\"n\"><button data-key=\"size\">Size</button></span>"
      "<span role=\"columnheader\" class=\"n\"><button data-key=\"pixels\">Pixels</button></span>"
      "<span role=\"columnheader\"><button data-key=\"group\">Group</button></span></div>"
      "<div id=\"window\" role=\"rowgroup\" tabindex=\"-1\"><div id=\"space\" "
      "role=\"presentation\">"
      "</div></div></div><aside id=\"detail\" aria-label=\"Item\" hidden></aside></div>"
      "<div class=\"paper\"><p id=\"paper-count\"></p><table class=\"plain\"><thead><tr>"
      "<th class=\"n\">No.</th><th>Path</th>" +
      std::string(has_decisions ? "<th>Decision</th>" : "") +
      "<th>Why</th></tr></thead><tbody id=\"paper-rows\">"
      "</tbody></table></div></section>\n");
}

void write_types(NewFile& out, const Summary& summary) {
  std::vector<std::pair<std::string, Tally>> formats(summary.by_format.begin(),
                                                     summary.by_format.end());
  std::stable_sort(formats.begin(), formats.end(),
                   [](const auto& a, const auto& b) { return a.second.items > b.second.items; });
  out.write(
      "<section id=\"types\" class=\"card\"><h2>Types by content</h2><div class=\"scroll\">"
      "<table class=\"plain\"><thead><tr><th>Type</th><th class=\"n\">Items</th><th class=\"n\">"
      "Bytes</th></tr></thead><tbody>");
  for (const auto& [format, tally] : formats) {
    out.write("<tr><td>" + shown_or(format, "not read") + "</td><td class=\"n\">" +
              filter_button("type", format, tally.items) + "</td><td class=\"n\">" +
              readable_bytes(tally.bytes) + "</td></tr>");
  }
  out.write("</tbody></table></div></section>\n");
}

void write_findings(NewFile& out, const Summary& summary) {
  out.write("<section id=\"findings\" class=\"card\"><h2>Findings by kind</h2>");
  if (summary.by_finding.empty()) {
    out.write(
        "<p class=\"faint\">None. That no evidence was found says nothing of where the files "
        "come from.</p>");
  } else {
    out.write(
        "<div class=\"scroll\"><table class=\"plain\"><thead><tr><th>Kind</th><th class=\"n\">"
        "Findings</th></tr></thead><tbody>");
    for (const auto& [kind, count] : summary.by_finding) {
      out.write("<tr><td>" + escape_html(kind) + "</td><td class=\"n\">" +
                filter_button("finding", kind, count) + "</td></tr>");
    }
    out.write("</tbody></table></div>");
  }
  out.write("</section>\n");
}

void write_case(NewFile& out, const ReportInput& input) {
  const casefile::CaseDescription description = input.reader.description();
  const auto fact = [&](std::string_view name, const std::string& value) {
    out.write("<dt>" + std::string(name) + "</dt><dd>" + shown_or(value, "&ndash;") + "</dd>");
  };
  out.write("<section id=\"case\" class=\"card\"><h2>Case</h2><dl class=\"facts\">");
  fact("Case number", description.info.case_number);
  fact("Exhibit", description.info.exhibit);
  fact("Examiner", description.info.examiner);
  fact("Agency", description.info.agency);
  fact("Case id", description.case_id);
  fact("Created", shown_time(description.created_ns) + " UTC");
  fact("Time zone shown", description.info.time_zone);
  out.write("<dt>Audit head</dt><dd class=\"mono\">" + audit::to_text(input.reader.head()) +
            "</dd></dl></section><section class=\"card\"><h2>Sources and lists</h2><table "
            "class=\"plain\"><thead><tr><th>"
            "Id</th><th>Kind</th><th>Given as</th></tr></thead><tbody>");
  for (const casefile::Source& source : input.reader.sources()) {
    out.write("<tr><td>" + escape_html(source.source_id) + "</td><td>" +
              std::string(to_text(source.description.kind)) + "</td><td>" +
              escape_html(escape_name(source.description.given_path)) + "</td></tr>");
  }
  out.write(
      "</tbody></table><h3>Lists</h3><table class=\"plain\"><thead><tr><th>Name</th><th>Version"
      "</th><th class=\"n\">Entries</th></tr></thead><tbody>");
  for (const casefile::ListUse& use : input.reader.list_uses()) {
    out.write("<tr><td>" + escape_html(use.name) + "</td><td class=\"mono\">" +
              escape_html(use.content_id.substr(0, 16)) + "</td><td class=\"n\">" +
              grouped(use.entries) + "</td></tr>");
  }
  out.write(
      "</tbody></table></section><section class=\"card\"><h2>Runs</h2><div class=\"scroll\"><table "
      "class=\"plain\"><thead><tr><th>Run</th><th>Command</th><th>Started (UTC)</th><th>Ended"
      "</th></tr></thead><tbody>");
  for (const casefile::Run& run : input.reader.runs()) {
    out.write("<tr><td>" + std::to_string(run.number) + "</td><td>" +
              escape_html(run.start.command));
    if (run.resumes) out.write(" (resumes run " + std::to_string(*run.resumes) + ")");
    // Sources and lists have tables of their own.
    std::string options;
    for (const auto& [name, value] : run.start.options) {
      if (name == "source" || name == "list") continue;
      options += (options.empty() ? "" : ", ") + name + " " + value;
    }
    if (!options.empty())
      out.write("<br><span class=\"faint\">" + escape_html(options) + "</span>");
    out.write("</td><td class=\"when\">" + shown_time(run.started_ns) + "</td><td>" +
              (run.ended_ns ? escape_html(run.outcome) + ", " + shown_time(*run.ended_ns)
                            : std::string("did not end")) +
              "</td></tr>");
  }
  out.write("</tbody></table></div></section>\n");
}

}  // namespace safelight::report
