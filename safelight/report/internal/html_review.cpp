#include "safelight/report/internal/html_review.h"

#include "safelight/base/html_text.h"
#include "safelight/base/number_text.h"
#include "safelight/report/internal/html_parts.h"
#include "safelight/report/internal/text.h"

namespace safelight::report {
namespace {

constexpr int64_t kNsPerMs = 1'000'000;

std::string number_or_filter(std::string_view filter, std::string_view value, uint64_t items) {
  return items == 0 ? "0" : filter_button(filter, value, items);
}

std::string_view colour_of(const CategoryTotal& total) {
  return total.category == nullptr ? std::string_view("grey") : total.category->colour;
}

/// To a tenth of a second.
std::string seconds_words(uint64_t ms) {
  const uint64_t tenths = (ms + 50) / 100;
  if (tenths == 0) return "under 0.1 seconds";
  std::string text = grouped(tenths / 10);
  if (tenths % 10 != 0) text += "." + std::to_string(tenths % 10);
  return text + (tenths == 10 ? " second" : " seconds");
}

/// What a gallery shows before anything is opened.
std::string_view cover_words(Cover cover) {
  switch (cover) {
    case Cover::card:
      return "facts alone";
    case Cover::drawing:
      return "lines";
    case Cover::blur:
      return "grey and blurred";
    case Cover::grey:
      return "grey and small";
  }
  return "";
}

void write_categories(NewFile& out, const ReviewTotals& totals) {
  out.write(
      "<table class=\"plain\"><thead><tr><th>Category</th><th>Code</th><th class=\"n\">Conflicts"
      "</th><th class=\"n\">Second look wanted</th><th class=\"n\">Items</th></tr></thead><tbody>");
  for (size_t i = 0; i < totals.by_category.size(); ++i) {
    const CategoryTotal& total = totals.by_category[i];
    const std::string name =
        total.category == nullptr ? "not in the scheme" : escape_html(total.category->name);
    out.write("<tr><td>" + tag("c-" + std::string(colour_of(total)), name) + "</td><td>" +
              escape_html(total.code) + "</td><td class=\"n\">" + grouped(total.conflicts) +
              "</td><td class=\"n\">" + grouped(total.second_looks_wanted) +
              "</td><td class=\"n\">" +
              number_or_filter("decision", std::to_string(i), total.items) + "</td></tr>");
  }
  out.write(
      "<tr><td>undecided</td><td></td><td class=\"n\"></td><td class=\"n\"></td><td "
      "class=\"n\">" +
      number_or_filter("decision", "undecided", totals.undecided) +
      "</td></tr></tbody></table><p class=\"faint\">An item counts as what was said of it "
      "last, also where another person says otherwise.</p>");
}

void write_states(NewFile& out, const ReviewTotals& totals) {
  const auto row = [&](std::string_view what, std::string_view meaning, std::string_view filter,
                       std::string_view value, uint64_t items) {
    out.write("<tr><td>" + std::string(what) + "</td><td>" + std::string(meaning) +
              "</td><td class=\"n\">" + number_or_filter(filter, value, items) + "</td></tr>");
  };
  out.write(
      "<table class=\"plain\"><thead><tr><th>State</th><th></th><th class=\"n\">Items</th></tr>"
      "</thead><tbody>");
  row("conflict", "Two persons say different things, and nobody has settled it.", "decision",
      "conflict", totals.conflicts);
  row("second look wanted", "Holds only once another person has said the same.", "decision",
      "second-look", totals.second_looks_wanted);
  row("second look done", "Two persons or more say the same.", "decision", "second-done",
      totals.second_looks_done);
  row("settled", "Decided by somebody with the right to, whatever others had said before.",
      "decision", "settled", totals.settled);
  row("passed on", "For somebody else to look at.", "decision", "passed", totals.passed_on);
  row("flagged", "", "decision", "flagged", totals.flagged);
  row("with notes", "", "decision", "notes", totals.with_notes);
  row("opened", "A person was shown the picture, or may have been.", "opened", "yes",
      totals.shown_items);
  row("not opened", "Nobody was shown more of it in this review than a covered preview.", "opened",
      "no", totals.decided + totals.undecided - totals.shown_items);
  out.write("</tbody></table>");
}

void write_shown(NewFile& out, const ReviewRecord& record, const ReviewTotals& totals) {
  out.write("<h3>What was shown</h3><p>");
  if (totals.shown_items == 0) {
    out.write("No item was opened.");
  } else {
    out.write("<b>" + grouped(totals.shown_items) + "</b> " +
              (totals.shown_items == 1 ? "item was" : "items were") + " opened by <b>" +
              grouped(totals.people) + "</b> " + (totals.people == 1 ? "person" : "people") + ", " +
              counted(totals.reveals, "time", "times"));
    if (totals.reveals > totals.of_unknown_length) {
      out.write(", for " + seconds_words(totals.shown_ms) + " in all");
    }
    if (totals.of_unknown_length != 0) {
      out.write("; for how long is not known of " +
                counted(totals.of_unknown_length, "time", "times"));
    }
    out.write(".");
  }
  out.write(
      " Covered previews in the gallery do not count as opened; in this case they are at "
      "most: " +
      std::string(cover_words(record.rules().policy.floor)) +
      ".</p><p class=\"faint\">That an item is opened is on record before its picture is "
      "sent. Who opened which one is in the case and its audit log, for an auditor to "
      "read.</p>");
}

}  // namespace

void write_review(NewFile& out, const ReviewRecord& record, const ReviewTotals& totals) {
  out.write("<section id=\"review\" class=\"card\"><h2>Review</h2>");
  if (!record.has_begun()) {
    out.write(
        "<p class=\"lead\"><b>Review not begun.</b> The case holds no decision of a person and no "
        "record that anybody was shown a picture of it. Nothing here is decided, and what is not "
        "decided is not cleared.</p></section>\n");
    return;
  }
  const uint64_t items = totals.decided + totals.undecided;
  out.write("<p class=\"lead\"><b>" + grouped(totals.decided) + "</b> of " +
            counted(items, "item", "items") + " decided by people; <b>" +
            grouped(totals.undecided) + "</b> undecided");
  if (totals.undecided != 0) {
    out.write(", of which <b>" + grouped(totals.undecided_to_review) + "</b> " +
              (totals.undecided_to_review == 1 ? "is" : "are") +
              " left to look at, each itself. What is not decided is not cleared");
  }
  out.write(".</p><p class=\"faint\">Categories of the scheme &ldquo;" +
            escape_html(record.rules().scheme.name) + "&rdquo;, after " +
            counted(record.acts(), "act", "acts") + " of review.</p><div class=\"halves\"><div>");
  write_categories(out, totals);
  out.write("</div><div>");
  write_states(out, totals);
  out.write("</div></div>");
  write_shown(out, record, totals);
  out.write("</section>\n");
}

std::string decision_choices(const ReviewRecord& record, const ReviewTotals& totals) {
  if (!record.has_begun()) return "";
  std::string out = "<option value=\"\">any</option><option value=\"undecided\">undecided</option>";
  for (size_t i = 0; i < totals.by_category.size(); ++i) {
    const CategoryTotal& total = totals.by_category[i];
    out += "<option value=\"" + std::to_string(i) + "\">" + escape_html(total.code) + " " +
           (total.category == nullptr ? "not in the scheme" : escape_html(total.category->name)) +
           "</option>";
  }
  return out +
         "<option value=\"conflict\">conflict</option><option value=\"second-look\">second look "
         "wanted</option><option value=\"second-done\">second look done</option><option "
         "value=\"settled\">settled</option><option value=\"passed\">passed on</option><option "
         "value=\"flagged\">flagged</option><option value=\"notes\">with notes</option>";
}

ReviewColumn::ReviewColumn(const ReviewRecord& record, const ReviewTotals& totals)
    : record_(record), totals_(totals) {
  for (size_t i = 0; i < totals.by_category.size(); ++i) {
    categories_.emplace(totals.by_category[i].code, i);
  }
}

void ReviewColumn::write(JsonWriter& json, const ItemId& id) {
  const ReviewedItem item = record_.of(id);
  if (item.is_untouched()) {
    json.number(0);
    return;
  }
  const ItemDecision& decision = item.decision;
  json.begin_array();
  if (const Opinion* decided = decision.decided()) {
    write_opinion(json, *decided);
  } else {
    json.number(-1).number(0).number(0);
  }
  json.number((decision.is_conflict ? 1 : 0) | (decision.is_settled ? 2 : 0) |
              (item.second_look == SecondLook::wanted ? 4 : 0) |
              (item.second_look == SecondLook::done ? 8 : 0) | (decision.is_passed_on ? 16 : 0));
  write_others(json, decision);
  json.begin_array();
  for (const std::string& flag : decision.flags) json.number(flags_.place(flag));
  json.end_array();
  write_notes(json, item.notes);
  if (item.shown == nullptr) {
    json.number(0).end_array();
    return;
  }
  const Shown& shown = *item.shown;
  json.begin_array().number(shown.reveals).number(shown.shown_ms).number(shown.of_unknown_length);
  json.number(shown.persons.size()).number(shown.first_ns / kNsPerMs);
  json.number(shown.last_ns / kNsPerMs).begin_array();
  for (const uint32_t reveals : shown.by_rendition) json.number(reveals);
  json.end_array().end_array().end_array();
}

void ReviewColumn::write_opinion(JsonWriter& json, const Opinion& opinion) {
  json.number(categories_.find(opinion.category)->second).number(persons_.place(opinion.person));
  json.number(opinion.time_ns / kNsPerMs);
}

/// The opinions beside what the item counts as, the latest first.
void ReviewColumn::write_others(JsonWriter& json, const ItemDecision& decision) {
  json.begin_array();
  for (size_t i = decision.opinions.size(); i > 1; --i) {
    json.begin_array();
    write_opinion(json, decision.opinions[i - 2]);
    json.end_array();
  }
  json.end_array();
}

void ReviewColumn::write_notes(JsonWriter& json, const std::vector<const Note*>& notes) {
  json.begin_array();
  for (const Note* note : notes) {
    json.begin_array().string(note->text).number(persons_.place(note->person));
    json.number(note->time_ns / kNsPerMs).end_array();
  }
  json.end_array();
}

void ReviewColumn::write_tables(JsonWriter& json) const {
  json.key("review_begun").boolean(record_.has_begun()).key("categories").begin_array();
  for (const CategoryTotal& total : totals_.by_category) {
    const std::string_view name =
        total.category == nullptr ? std::string_view() : total.category->name;
    json.begin_array().string(total.code).string(name).string(colour_of(total)).end_array();
  }
  json.end_array().key("renditions").begin_array();
  for (const std::string& rendition : record_.renditions()) json.string(rendition);
  json.end_array();
  persons_.write(json, "persons");
  flags_.write(json, "flags");
}

}  // namespace safelight::report
