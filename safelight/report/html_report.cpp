#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "safelight/audit/sha256_stream.h"
#include "safelight/base/json_writer.h"
#include "safelight/report/internal/assets.h"
#include "safelight/report/internal/group_index.h"
#include "safelight/report/internal/output_file.h"
#include "safelight/report/internal/text.h"
#include "safelight/report/report.h"

namespace safelight::report {
namespace {

using casefile::StoredItem;
using casefile::Summary;
using casefile::Tally;

/// Texts that occur again and again, each stored once and named by its place.
class Interned {
 public:
  size_t place(std::string_view text) {
    const auto found = places_.find(text);
    if (found != places_.end()) return found->second;
    texts_.emplace_back(text);
    places_.emplace(texts_.back(), texts_.size() - 1);
    return texts_.size() - 1;
  }
  void write(JsonWriter& json, std::string_view name) const {
    json.key(name).begin_array();
    for (const std::string& text : texts_) json.string(text);
    json.end_array();
  }

 private:
  std::vector<std::string> texts_;
  std::map<std::string, size_t, std::less<>> places_;
};

/// Writes the rows of the item table, in the order of values that html/report.js names.
class ItemRows {
 public:
  void write(JsonWriter& json, const StoredItem& stored, const GroupNumbers& groups) {
    const casefile::Item& item = stored.item;
    const casefile::StoredContent none;
    const casefile::StoredContent& content = stored.content ? *stored.content : none;
    const casefile::Examination no_examination;
    const casefile::Examination& examination =
        content.examination ? *content.examination : no_examination;
    json.begin_array();
    json.string(base64(item.id.value.bytes, Padding::drop)).string(stored.display_path);
    json.number(sources_.place(item.origin.source_id)).number(static_cast<int>(item.kind));
    json.number(static_cast<int>(item.coverage)).number(formats_.place(examination.format));
    json.number(media_.place(examination.media_type));
    if (item.size_bytes) {
      json.number(*item.size_bytes);
    } else {
      json.null();
    }
    json.number(examination.width).number(examination.height);
    write_digest(json, content.content.sha256);
    write_digest(json, content.content.sha1);
    write_digest(json, content.content.md5);
    write_fingerprints(json, examination.fingerprints);
    write_times(json, item.times);
    write_error(json, item.error ? item.error : examination.error);
    write_findings(json, item.findings, examination.findings);
    write_hits(json, content.hits);
    json.number(groups.exact).number(groups.near).number(groups.near_distance_bits);
    if (item.parent) {
      json.string(base64(item.parent->value.bytes, Padding::drop));
    } else {
      json.number(0);
    }
    json.number(stored.revision).number(static_cast<int>(item.state)).end_array();
  }

  void write_tables(JsonWriter& json) const {
    json.key("tables").begin_object();
    sources_.write(json, "sources");
    formats_.write(json, "formats");
    media_.write(json, "media");
    errors_.write(json, "errors");
    findings_.write(json, "findings");
    lists_.write(json, "lists");
    write_names<casefile::ItemKind>(json, "kinds", 4);
    write_names<Grade>(json, "grades", 7);
    write_names<Orientation>(json, "orientations", kOrientations);
    write_names<PdqMode>(json, "modes", 2);
    json.end_object();
  }

 private:
  template <typename Enum>
  static void write_names(JsonWriter& json, std::string_view name, size_t count) {
    json.key(name).begin_array();
    for (size_t i = 0; i < count; ++i) json.string(to_text(static_cast<Enum>(i)));
    json.end_array();
  }

  template <typename T>
  static void write_digest(JsonWriter& json, const std::optional<T>& digest) {
    if (digest) {
      json.string(base64(digest->bytes, Padding::drop));
    } else {
      json.number(0);
    }
  }

  static void write_fingerprints(JsonWriter& json, const std::vector<PdqHashes>& all) {
    if (all.empty()) {
      json.number(0);
      return;
    }
    json.begin_array();
    for (const PdqHashes& hashes : all) {
      // Through the text, whose order of bits is the one that everybody prints.
      Sha256 bytes;
      const auto read = from_hex(to_hex(hashes.fingerprints[0]), bytes.bytes);
      json.begin_array().number(static_cast<int>(hashes.mode)).number(hashes.quality);
      json.string(read ? base64(bytes.bytes, Padding::drop) : "").end_array();
    }
    json.end_array();
  }

  static void write_times(JsonWriter& json, const casefile::ItemTimes& times) {
    std::string zones;
    for (const auto& time :
         {times.modified, times.changed, times.accessed, times.born, times.in_container}) {
      zones += !time ? '-' : time->zone == casefile::TimeZoneKnowledge::utc ? 'u' : 'l';
    }
    json.begin_array().string(zones);
    constexpr int64_t kNsPerMs = 1'000'000;
    for (const auto& time :
         {times.modified, times.changed, times.accessed, times.born, times.in_container}) {
      json.number(time ? time->ns / kNsPerMs : 0);
    }
    json.end_array();
  }

  void write_error(JsonWriter& json, const std::optional<casefile::StoredError>& error) {
    if (!error) {
      json.number(0);
      return;
    }
    json.begin_array().number(errors_.place(to_text(error->code))).string(error->rule);
    json.number(static_cast<int>(error->offset_kind)).number(error->offset_bytes).end_array();
  }

  void write_findings(JsonWriter& json, const std::vector<Finding>& of_item,
                      const std::vector<Finding>& of_content) {
    if (of_item.empty() && of_content.empty()) {
      json.number(0);
      return;
    }
    json.begin_array();
    for (const auto* findings : {&of_item, &of_content}) {
      for (const Finding& finding : *findings) {
        json.begin_array().number(findings_.place(finding.kind));
        json.number(static_cast<int>(finding.grade)).string(finding.statement);
        json.number(static_cast<int>(finding.place.offset_kind));
        json.number(finding.place.offset_bytes).number(finding.place.length_bytes);
        if (finding.fields.empty()) {
          json.number(0);
        } else {
          json.begin_array();
          for (const auto& [name, text] : finding.fields) {
            json.begin_array().string(name).string(text).end_array();
          }
          json.end_array();
        }
        json.end_array();
      }
    }
    json.end_array();
  }

  void write_hits(JsonWriter& json, const std::vector<casefile::StoredHit>& hits) {
    if (hits.empty()) {
      json.number(0);
      return;
    }
    json.begin_array();
    for (const casefile::StoredHit& stored : hits) {
      const Hit& hit = stored.hit;
      json.begin_array().number(lists_.place(hit.list)).string(hit.category);
      json.number(static_cast<int>(hit.disposition)).number(static_cast<int>(hit.kind));
      json.number(hit.distance_bits).number(static_cast<int>(hit.orientation));
      json.number(static_cast<int>(hit.mode)).string(hit.entry_id).end_array();
    }
    json.end_array();
  }

  Interned sources_;
  Interned formats_;
  Interned media_;
  Interned errors_;
  Interned findings_;
  Interned lists_;
};

std::string shown_or(const std::string& text, std::string_view otherwise) {
  return text.empty() ? std::string(otherwise) : escape_html(text);
}

/// Such as "2026-11-23 21:00:00", UTC.
std::string shown_time(int64_t ns) {
  std::string text = iso_utc(ns).substr(0, 19);
  text[10] = ' ';
  return text;
}

std::string inline_hash(std::string_view text) {
  return "'sha256-" + base64(audit::sha256(std::as_bytes(std::span(text))).bytes, Padding::keep) +
         "'";
}

void write_head(OutputFile& out, const casefile::CaseDescription& description) {
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

void write_banner(OutputFile& out, const ReportInput& input,
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
      "<a href=\"#summary\">Summary</a><a href=\"#hits\">Hits</a><a href=\"#gaps\">Not examined"
      "</a><a href=\"#types\">Types</a><a href=\"#findings\">Findings</a><a href=\"#groups\">"
      "Groups</a><a href=\"#items\">Items</a><a href=\"#case\">Case and runs</a></div></nav>\n"
      "<main>\n");
}

template <typename Map, typename Key>
uint64_t count_in(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? 0 : found->second;
}

uint64_t items_in(const std::map<Coverage, Tally>& map, Coverage coverage) {
  const auto found = map.find(coverage);
  return found == map.end() ? 0 : found->second.items;
}

void write_tile(OutputFile& out, std::string_view style, uint64_t number, std::string_view label) {
  out.write("<div class=\"tile ");
  out.write(style);
  out.write("\"><b>" + grouped(number) + "</b><span>");
  out.write(label);
  out.write("</span></div>");
}

void write_summary(OutputFile& out, const ReportInput& input, const Summary& summary) {
  out.write("<section id=\"summary\"><div class=\"tiles\">");
  write_tile(out, "", summary.items.items, "items, " + readable_bytes(summary.items.bytes));
  write_tile(out, "", summary.contents, "distinct contents");
  write_tile(out, "known", count_in(summary.by_disposition, Disposition::known), "hits: known");
  write_tile(out, "review", count_in(summary.by_disposition, Disposition::review),
             "hits: to be reviewed");
  write_tile(out, "gap", items_in(summary.by_coverage, Coverage::partial), "partly examined");
  write_tile(out, "gap", items_in(summary.by_coverage, Coverage::none), "not examined");
  write_tile(out, "", input.groups.size(), "groups");
  out.write(
      "</div><div class=\"note\"><p><b>How to read this.</b> A finding is evidence for a human "
      "to weigh, not a verdict. A hit says that an item matches an entry of a named list. The "
      "absence of hits and findings never means that a file is harmless, nor does it say where the "
      "file comes from. What was not or only partly examined is listed as such. This report holds "
      "no pictures.</p></div>"
      "</section>\n");
}

/// A number that sets one of the filters of the item table.
std::string filter_button(std::string_view filter, std::string_view value, uint64_t number,
                          std::string_view more = "") {
  return "<button class=\"linkish\" data-show=\"" + std::string(filter) + "\" data-value=\"" +
         escape_html(value) + "\"" + std::string(more) + ">" + grouped(number) + "</button>";
}

void write_hits(OutputFile& out, const Summary& summary) {
  out.write("<section id=\"hits\" class=\"card\"><h2>Hits by list and category</h2>");
  if (summary.by_hit.empty()) {
    out.write("<p class=\"faint\">No item matches an entry of the lists that were used.</p>");
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
      out.write("<tr><td><span class=\"tag " + disposition + "\">" + disposition +
                "</span></td><td>" + escape_html(group.list) + "</td><td>" +
                shown_or(group.category, "none") + "</td><td class=\"n\">" +
                filter_button("list", group.list, items,
                              " data-category=\"" + escape_html(group.category) + "\"") +
                "</td></tr>");
    }
    out.write("</tbody></table></div>");
  }
  out.write("</section>\n");
}

void write_gaps(OutputFile& out, const Summary& summary) {
  out.write("<section id=\"gaps\" class=\"card\"><h2>Not and partly examined</h2>");
  out.write("<p>" + filter_button("coverage", "2", items_in(summary.by_coverage, Coverage::none)) +
            " items were not examined, " +
            filter_button("coverage", "1", items_in(summary.by_coverage, Coverage::partial)) +
            " only in part. The reason and the place stand with each item.</p>");
  if (!summary.by_error.empty()) {
    out.write(
        "<table class=\"plain\"><thead><tr><th>Reason</th><th class=\"n\">Items</th></tr></thead>"
        "<tbody>");
    for (const auto& [code, items] : summary.by_error) {
      out.write("<tr><td>" + escape_html(code) + "</td><td class=\"n\">" + grouped(items) +
                "</td></tr>");
    }
    out.write("</tbody></table>");
  }
  out.write("</section>\n");
}

void write_types(OutputFile& out, const Summary& summary) {
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

void write_findings(OutputFile& out, const Summary& summary) {
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

void write_groups_and_items(OutputFile& out, uint64_t left_out) {
  out.write(
      "<section id=\"groups\" class=\"card\"><h2>Groups</h2><p class=\"faint\">Exact groups hold "
      "the same bytes. Near groups hold pictures whose fingerprints lie close to that of the "
      "group's first item.</p><div class=\"scroll\"><table class=\"plain\"><thead><tr><th>Group"
      "</th><th class=\"n\">Items</th><th class=\"n\">Farthest</th><th class=\"screen\"></th></tr>"
      "</thead><tbody id=\"group-rows\"></tbody></table></div><p class=\"faint\" "
      "id=\"group-more\"></p></section>\n</div>\n");
  out.write("<section id=\"items\"><h2>Items</h2>");
  if (left_out != 0) {
    out.write(
        "<div class=\"note warn\"><p><b>" + grouped(left_out) +
        " items are left out here</b> so that a browser can hold the list. Those with hits, "
        "findings, groups or gaps came first. The CSV and JSON reports list every item.</p></div>"
        "<br>");
  }
  const auto select = [&](std::string_view id, std::string_view label, std::string_view choices) {
    out.write("<label>" + std::string(label) + "<select id=\"" + std::string(id) + "\">" +
              std::string(choices) + "</select></label>");
  };
  out.write(
      "<p class=\"paper faint\">The list of items is not printed: use the CSV report.</p>"
      "<div class=\"filters\"><label class=\"search\">Search path, digest, fingerprint or id"
      "<input id=\"search\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\"></label>");
  select("hit", "Hit",
         "<option value=\"\">any or none</option><option value=\"3\">known</option><option "
         "value=\"2\">"
         "review</option><option value=\"1\">unknown</option><option value=\"0\">ordinary</option>"
         "<option value=\"-1\">no hit</option>");
  select("list", "List", "");
  select("coverage", "Examined",
         "<option value=\"\">any</option><option value=\"0\">fully</option><option value=\"gap\">"
         "not or partly</option><option value=\"1\">partly</option><option value=\"2\">not examined"
         "</option>");
  select("type", "Type", "");
  select("finding", "Finding", "");
  select("source", "Source", "");
  out.write(
      "<button id=\"widen\" hidden>Show all</button><button id=\"reset\">Reset</button></div>"
      "<p id=\"count\" role=\"status\"></p><div id=\"work\" class=\"work\"><div class=\"list\" "
      "role=\"table\" aria-label=\"Items\"><div class=\"row headrow\" role=\"row\">"
      "<button data-key=\"path\">Path</button><button data-key=\"hit\">Hit</button>"
      "<button data-key=\"coverage\">Examined</button><button data-key=\"type\">Type</button>"
      "<button data-key=\"size\" class=\"n\">Size</button><button data-key=\"pixels\" class=\"n\">"
      "Pixels</button><button data-key=\"group\">Group</button></div>"
      "<div id=\"window\" tabindex=\"0\" aria-label=\"Items; arrow keys choose\">"
      "<div id=\"space\"></div></div></div><aside id=\"detail\" aria-label=\"Item\" hidden></aside>"
      "</div></section>\n");
}

void write_case(OutputFile& out, const ReportInput& input,
                const casefile::CaseDescription& description) {
  const auto fact = [&](std::string_view name, const std::string& value) {
    out.write("<dt>" + std::string(name) + "</dt><dd>" + shown_or(value, "&ndash;") + "</dd>");
  };
  out.write(
      "<section id=\"case\" class=\"columns\"><div class=\"card\"><h2>Case</h2><dl "
      "class=\"facts\">");
  fact("Case number", description.info.case_number);
  fact("Exhibit", description.info.exhibit);
  fact("Examiner", description.info.examiner);
  fact("Agency", description.info.agency);
  fact("Case id", description.case_id);
  fact("Created", shown_time(description.created_ns) + " UTC");
  fact("Time zone shown", description.info.time_zone);
  out.write(
      "<dt>Audit head</dt><dd class=\"mono\">" + audit::to_text(input.reader.head()) +
      "</dd></dl></div><div class=\"card\"><h2>Sources</h2><table class=\"plain\"><thead><tr><th>"
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
      "</tbody></table></div><div class=\"card\"><h2>Runs</h2><div class=\"scroll\"><table "
      "class=\"plain\"><thead><tr><th>Run</th><th>Command</th><th>Started (UTC)</th><th>Ended"
      "</th></tr></thead><tbody>");
  for (const casefile::Run& run : input.reader.runs()) {
    out.write("<tr><td>" + std::to_string(run.number) + "</td><td>" +
              escape_html(run.start.command));
    if (run.resumes) out.write(" (resumes run " + std::to_string(*run.resumes) + ")");
    out.write("</td><td class=\"when\">" + shown_time(run.started_ns) + "</td><td>" +
              (run.ended_ns ? escape_html(run.outcome) + ", " + shown_time(*run.ended_ns)
                            : std::string("did not end")) +
              "</td></tr>");
  }
  out.write(
      "</tbody></table></div></div></section>\n<footer>Items are identified by where they were "
      "found. Every commit of the case is in its audit log; note the audit head elsewhere, and "
      "<code>safelight case verify</code> can show that nothing was changed or cut off since."
      "</footer>\n</main>\n");
}

bool is_notable(const StoredItem& item, const GroupNumbers& groups) {
  if (item.item.coverage != Coverage::full || !item.item.findings.empty()) return true;
  if (groups.exact != 0 || groups.near != 0) return true;
  if (!item.content) return false;
  const auto& examination = item.content->examination;
  return !item.content->hits.empty() || (examination && !examination->findings.empty());
}

/// Writes the data block: what the script shows.
void write_data(OutputFile& out, const ReportInput& input, const GroupIndex& groups,
                const Summary& summary, uint64_t max_items) {
  std::string text;
  JsonWriter json(text);
  ItemRows rows;
  out.write("<script type=\"application/json\" id=\"data\">");
  json.begin_object().field("time_zone", input.reader.description().info.time_zone);
  json.key("groups").begin_array();
  for (const ItemGroup& group : input.groups) {
    uint32_t farthest = 0;
    for (const GroupMember& member : group.members) {
      farthest = std::max(farthest, member.distance_bits);
    }
    json.begin_array().number(group.kind == GroupKind::near ? 1 : 0);
    json.number(group.members.size()).number(farthest).end_array();
  }
  json.end_array().key("items").begin_array();
  const bool all = summary.items.items <= max_items;
  uint64_t notable = 0;
  if (!all) {
    input.reader.for_each_item([&](const StoredItem& item) {
      notable += is_notable(item, groups.find(item.item.id)) ? 1 : 0;
    });
  }
  uint64_t room_for_notable = std::min(notable, max_items);
  uint64_t room_for_others = max_items - room_for_notable;
  input.reader.for_each_item([&](const StoredItem& item) {
    const GroupNumbers numbers = groups.find(item.item.id);
    if (!all) {
      uint64_t& room = is_notable(item, numbers) ? room_for_notable : room_for_others;
      if (room == 0) return;
      --room;
    }
    rows.write(json, item, numbers);
    out.write(text);
    text.clear();
  });
  json.end_array();
  rows.write_tables(json);
  json.end_object();
  out.write(text);
  out.write("</script>\n");
}

}  // namespace

void write_html(const ReportInput& input, const std::filesystem::path& file, uint64_t max_items) {
  const GroupIndex groups(input.groups);
  const Summary summary = input.reader.summary();
  const casefile::CaseDescription description = input.reader.description();
  OutputFile out(file);
  write_head(out, description);
  write_banner(out, input, description);
  write_summary(out, input, summary);
  out.write("<div class=\"columns\">");
  write_hits(out, summary);
  write_gaps(out, summary);
  write_types(out, summary);
  write_findings(out, summary);
  const uint64_t items = summary.items.items;
  write_groups_and_items(out, items > max_items ? items - max_items : 0);
  write_case(out, input, description);
  write_data(out, input, groups, summary, max_items);
  out.write("<script>");
  out.write(html_script());
  out.write("</script>\n</body>\n</html>\n");
  out.commit();
}

}  // namespace safelight::report
