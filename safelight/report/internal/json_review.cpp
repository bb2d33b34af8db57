#include "safelight/report/internal/json_review.h"

#include "safelight/report/internal/text.h"

namespace safelight::report {
namespace {

void write_category(JsonWriter& json, const Scheme& scheme, std::string_view code) {
  json.field("category", code);
  const std::string_view name = name_of(scheme, code);
  if (!name.empty()) json.field("name", name);
}

void write_opinion(JsonWriter& json, const Scheme& scheme, const Opinion& opinion) {
  write_category(json, scheme, opinion.category);
  json.field("by", opinion.person).field("at", iso_utc(opinion.time_ns));
}

void write_scheme(JsonWriter& json, const ReviewRules& rules) {
  json.key("scheme").begin_object().field("name", rules.scheme.name);
  json.key("categories").begin_array();
  for (const Category& category : rules.scheme.categories) {
    json.begin_object().field("category", category.code).field("name", category.name);
    json.field("colour", category.colour).key("grave").boolean(category.is_grave);
    json.key("second_look").boolean(rules.policy.second_look || category.second_look).end_object();
  }
  json.end_array().end_object();
}

void write_decision(JsonWriter& json, const ReviewedItem& item, const Scheme& scheme) {
  json.key("decision");
  const Opinion* decided = item.decision.decided();
  if (decided == nullptr) {
    json.null();
    return;
  }
  json.begin_object();
  write_opinion(json, scheme, *decided);
  json.key("agreeing").begin_array();
  for (const Opinion& opinion : item.decision.opinions) {
    if (opinion.category == decided->category) json.string(opinion.person);
  }
  json.end_array().key("settled").boolean(item.decision.is_settled);
  if (item.second_look != SecondLook::not_asked) {
    json.field("second_look", item.second_look == SecondLook::wanted ? "wanted" : "done");
  }
  json.key("conflict").boolean(item.decision.is_conflict);
  if (item.decision.is_conflict) {
    json.key("others").begin_array();
    for (const Opinion& opinion : item.decision.opinions) {
      if (opinion.category == decided->category) continue;
      json.begin_object();
      write_opinion(json, scheme, opinion);
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
}

void write_shown(JsonWriter& json, const Shown* shown, const std::vector<std::string>& renditions) {
  json.key("shown");
  if (shown == nullptr) {
    json.null();
    return;
  }
  json.begin_object().field("reveals", shown->reveals);
  json.key("seconds").embed(seconds_text(shown->shown_ms));
  json.field("of_unknown_length", shown->of_unknown_length);
  json.key("renditions").begin_object();
  for (size_t i = 0; i < shown->by_rendition.size(); ++i) {
    if (shown->by_rendition[i] != 0) json.field(renditions[i], shown->by_rendition[i]);
  }
  json.end_object().field("first", iso_utc(shown->first_ns)).field("last", iso_utc(shown->last_ns));
  json.field("people", shown->persons.size()).end_object();
}

}  // namespace

void write_review(JsonWriter& json, const ReviewRecord& record, const triage::Review& review) {
  json.key("review").begin_object();
  if (!record.has_begun()) {
    json.field("state", "not_begun").end_object();
    return;
  }
  const ReviewTotals totals = record.totals(review);
  json.field("state", "begun").field("acts", record.acts());
  write_scheme(json, record.rules());
  json.field("decided", totals.decided).field("undecided", totals.undecided);
  json.field("undecided_to_review", totals.undecided_to_review).key("by_category").begin_array();
  for (const CategoryTotal& total : totals.by_category) {
    json.begin_object();
    write_category(json, record.rules().scheme, total.code);
    json.field("items", total.items).field("conflicts", total.conflicts);
    json.field("second_look_wanted", total.second_looks_wanted).end_object();
  }
  json.end_array().field("conflicts", totals.conflicts);
  json.field("second_look_wanted", totals.second_looks_wanted);
  json.field("second_look_done", totals.second_looks_done).field("settled", totals.settled);
  json.field("passed_on", totals.passed_on).field("with_notes", totals.with_notes);
  json.field("flagged", totals.flagged).key("by_flag").begin_object();
  for (const auto& [flag, items] : totals.by_flag) json.field(flag, items);
  json.end_object().key("shown").begin_object().field("items", totals.shown_items);
  json.field("reveals", totals.reveals).key("seconds").embed(seconds_text(totals.shown_ms));
  json.field("of_unknown_length", totals.of_unknown_length).field("people", totals.people);
  json.field("gallery_floor", to_text(record.rules().policy.floor)).end_object().end_object();
}

void write_item_review(JsonWriter& json, const ReviewRecord& record, const ItemId& item) {
  if (!record.has_begun()) return;
  const ReviewedItem reviewed = record.of(item);
  write_decision(json, reviewed, record.rules().scheme);
  if (!reviewed.decision.flags.empty()) {
    json.key("flags").begin_array();
    for (const std::string& flag : reviewed.decision.flags) json.string(flag);
    json.end_array();
  }
  if (!reviewed.notes.empty()) {
    json.key("notes").begin_array();
    for (const Note* note : reviewed.notes) {
      json.begin_object().field("text", note->text).field("by", note->person);
      json.field("at", iso_utc(note->time_ns)).end_object();
    }
    json.end_array();
  }
  if (reviewed.decision.is_passed_on) json.key("passed_on").boolean(true);
  write_shown(json, reviewed.shown, record.renditions());
}

}  // namespace safelight::report
