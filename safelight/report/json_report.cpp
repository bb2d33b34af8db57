#include <string>

#include "safelight/base/json_writer.h"
#include "safelight/bytes/new_file.h"
#include "safelight/casefile/finding_json.h"
#include "safelight/report/internal/group_index.h"
#include "safelight/report/internal/item_origin.h"
#include "safelight/report/internal/json_review.h"
#include "safelight/report/internal/origin_overview.h"
#include "safelight/report/internal/rank_index.h"
#include "safelight/report/internal/review_record.h"
#include "safelight/report/internal/text.h"
#include "safelight/report/report.h"
#include "safelight/triage/counts.h"
#include "safelight/triage/reasons.h"

namespace safelight::report {
namespace {

using casefile::StoredItem;
using casefile::Summary;

void write_hits(JsonWriter& json, const std::vector<casefile::StoredHit>& hits) {
  json.key("hits").begin_array();
  for (const auto& [hit, version] : hits) {
    json.begin_object().field("list", hit.list).field("list_version", version);
    json.field("entry", hit.entry_id).field("category", hit.category);
    json.field("disposition", to_text(hit.disposition)).field("by", to_text(hit.kind));
    if (hit.kind == MatchKind::pdq) {
      json.field("distance_bits", hit.distance_bits);
      json.field("orientation", to_text(hit.orientation)).field("mode", to_text(hit.mode));
    }
    if (hit.source_record != 0) json.field("record", hit.source_record);
    if (hit.victim_identified != Stated::not_stated) {
      json.field("victim_identified", to_text(hit.victim_identified));
    }
    json.end_object();
  }
  json.end_array();
}

void write_content(JsonWriter& json, const casefile::StoredContent& stored) {
  const casefile::Content& content = stored.content;
  if (content.sha256) json.field("sha256", to_hex(*content.sha256));
  if (content.sha1) json.field("sha1", to_hex(*content.sha1));
  if (content.md5) json.field("md5", to_hex(*content.md5));
  write_hits(json, stored.hits);
  if (!stored.examination) return;
  const casefile::Examination& examination = *stored.examination;
  json.field("format", examination.format).field("media_type", examination.media_type);
  if (examination.width != 0) {
    json.field("width", examination.width).field("height", examination.height);
  }
  json.key("pdq").begin_array();
  for (const PdqHashes& hashes : examination.fingerprints) {
    json.begin_object().field("mode", to_text(hashes.mode)).field("quality", hashes.quality);
    json.field("fingerprint", to_hex(hashes.fingerprints[0])).end_object();
  }
  json.end_array();
}

void write_origin(JsonWriter& json, const ItemOrigin& origin) {
  json.field("origin_scope", to_text(origin.scope)).key("origin_grades").begin_array();
  for (const Grade grade : origin_grades(origin.evidence)) json.string(to_text(grade));
  json.end_array();
  const auto side = [&](std::string_view name, const triage::Strongest& strongest) {
    if (strongest.finding == nullptr) return;
    json.key(name).begin_object().field("grade", to_text(strongest.grade()));
    json.field("kind", strongest.finding->kind).end_object();
  };
  side("camera_evidence", origin.weighed.camera);
  side("synthesis_evidence", origin.weighed.synthesis);
}

void write_reasons(JsonWriter& json, const std::vector<Reason>& reasons) {
  json.key("reasons").begin_array();
  for (const Reason& reason : reasons) {
    json.begin_object().field("code", reason.code);
    for (const auto& [name, text] : reason.data) json.field(name, escape_name(text));
    json.end_object();
  }
  json.end_array();
}

void write_item(JsonWriter& json, const StoredItem& stored, const GroupPlaces& groups,
                const Rank& rank, const RankIndex& ranks, const ReviewRecord& record) {
  const casefile::Item& item = stored.item;
  json.begin_object().field("item_id", to_hex(item.id.value));
  json.field("source", item.origin.source_id).field("path", stored.display_path);
  json.field("kind", to_text(item.kind)).field("state", to_text(item.state));
  json.field("revision", stored.revision);
  if (item.parent) json.field("parent_item_id", to_hex(item.parent->value));
  json.field("coverage", to_text(item.coverage));
  const casefile::Examination* const examination =
      stored.content && stored.content->examination ? &*stored.content->examination : nullptr;
  casefile::write_error(json,
                        item.error || examination == nullptr ? item.error : examination->error);
  if (item.size_bytes) json.field("size_bytes", *item.size_bytes);
  if (stored.content) write_content(json, *stored.content);
  const ItemOrigin origin = origin_of(stored);
  write_origin(json, origin);
  json.key("findings").begin_array();
  for (const auto* findings : {&origin.evidence, &origin.facts}) {
    for (const Finding* finding : *findings) casefile::write_finding(json, *finding);
  }
  json.end_array();
  if (groups.exact != 0) json.field("exact_group", groups.exact);
  if (const uint32_t near = groups.near_in(PdqMode::reference).group; near != 0) {
    json.field("near_group", near);
  }
  if (const uint32_t near = groups.near_in(PdqMode::full).group; near != 0) {
    json.field("near_group_full", near);
  }
  json.field("rank", rank.place.rank).field("rank_class", to_text(rank.place.rank_class));
  if (stored.review) {
    json.field("reason", triage::sentences_of(stored.review->reasons));
    write_reasons(json, stored.review->reasons);
  }
  if (const auto lead = ranks.lead_of(rank)) {
    json.field("shown_with", to_hex(ranks.id_of(lead->item).value));
  }
  json.key("times").begin_object();
  const auto time = [&](std::string_view name, const std::optional<casefile::Timestamp>& value) {
    if (value) json.field(name, iso_time(*value));
  };
  time("modified", item.times.modified);
  time("changed", item.times.changed);
  time("accessed", item.times.accessed);
  time("born", item.times.born);
  time("in_container", item.times.in_container);
  json.end_object();
  write_item_review(json, record, item.id);
  json.end_object();
}

void write_case(JsonWriter& json, const ReportInput& input) {
  const casefile::CaseDescription description = input.reader.description();
  json.key("case").begin_object().field("case_id", description.case_id);
  json.field("created", iso_utc(description.created_ns));
  json.field("examiner", description.info.examiner).field("agency", description.info.agency);
  json.field("case_number", description.info.case_number);
  json.field("exhibit", description.info.exhibit).field("time_zone", description.info.time_zone);
  json.field("audit_head", audit::to_text(input.reader.head())).end_object();
  json.key("sources").begin_array();
  for (const casefile::Source& source : input.reader.sources()) {
    json.begin_object().field("source", source.source_id);
    json.field("kind", to_text(source.description.kind));
    json.field("given_path", escape_name(source.description.given_path)).end_object();
  }
  json.end_array().key("lists").begin_array();
  for (const casefile::ListUse& use : input.reader.list_uses()) {
    json.begin_object().field("list", use.name).field("version", use.content_id);
    json.field("mapping", use.mapping).field("entries", use.entries).end_object();
  }
  json.end_array().key("runs").begin_array();
  for (const casefile::Run& run : input.reader.runs()) {
    json.begin_object().field("run", run.number).field("command", run.start.command);
    json.key("options").begin_array();
    for (const auto& [name, text] : run.start.options) {
      json.begin_array().string(name).string(text).end_array();
    }
    json.end_array().field("tool_version", run.start.tool_version);
    json.field("started", iso_utc(run.started_ns));
    if (run.resumes) json.field("resumes", *run.resumes);
    if (run.ended_ns) json.field("ended", iso_utc(*run.ended_ns)).field("outcome", run.outcome);
    json.end_object();
  }
  json.end_array();
}

void write_summary(JsonWriter& json, const Summary& summary) {
  const auto tally = [&](std::string_view name, const casefile::Tally& value) {
    json.key(name).begin_object().field("items", value.items);
    json.field("bytes", value.bytes).end_object();
  };
  json.key("summary").begin_object();
  tally("all", summary.items);
  json.field("contents", summary.contents).key("by_format").begin_object();
  for (const auto& [format, value] : summary.by_format) tally(format, value);
  json.end_object().key("by_coverage").begin_object();
  for (const auto& [coverage, value] : summary.by_coverage) tally(to_text(coverage), value);
  json.end_object().key("by_error").begin_object();
  for (const auto& [error, items] : summary.by_error) json.field(error, items);
  json.end_object().key("by_finding").begin_object();
  for (const auto& [kind, count] : summary.by_finding) json.field(kind, count);
  json.end_object().key("by_disposition").begin_object();
  for (const auto& [disposition, items] : summary.by_disposition) {
    json.field(to_text(disposition), items);
  }
  json.end_object().key("by_hit").begin_array();
  for (const auto& [group, items] : summary.by_hit) {
    json.begin_object().field("list", group.list).field("category", group.category);
    json.field("disposition", to_text(group.disposition)).field("items", items).end_object();
  }
  json.end_array().end_object();
}

void write_origin_overview(JsonWriter& json, const casefile::Summary& summary,
                           const OriginOverview& overview) {
  json.key("grades").begin_object();
  for (const Grade grade : kOriginGrades) json.field(to_text(grade), meaning_of(grade));
  json.end_object().key("origin").begin_object().key("items_by_grade").begin_object();
  for (const Grade grade : kOriginGrades) json.field(to_text(grade), summary.items_of(grade));
  json.end_object().key("items_by_scope").begin_object();
  for (size_t i = 0; i < overview.by_scope.size(); ++i) {
    json.field(to_text(static_cast<OriginScope>(i)), overview.by_scope[i]);
  }
  json.end_object().field("camera", overview.camera).field("synthesis", overview.synthesis);
  json.field("both", overview.both).field("nothing_found", overview.nothing_found).end_object();
  json.key("shared_values").begin_object().field("left_out", overview.shared.left_out);
  json.field("not_compared", overview.shared.not_compared).key("values").begin_array();
  for (const SharedValue& shared : overview.shared.values) {
    json.begin_object().field("kind", shared.kind).field("value", shared.value);
    json.field("contents", shared.contents).field("items", shared.items);
    json.key("first_ranks").begin_array();
    for (const uint64_t rank : shared.ranks) json.number(rank);
    json.end_array().end_object();
  }
  json.end_array().end_object();
}

void write_tally(JsonWriter& json, const triage::Tally& tally) {
  json.field("items", tally.items).field("contents", tally.contents);
  json.field("in_groups", tally.in_groups).field("not_examined", tally.not_examined);
  json.field("partly_examined", tally.partly_examined).field("to_review", tally.to_review);
  json.field("same_bytes", tally.same_bytes).field("same_group", tally.same_group);
  json.field("known", tally.known).field("ordinary", tally.ordinary);
  json.field("need_not_be_opened", tally.need_not_be_opened());
}

void write_counts(JsonWriter& json, const triage::Counts& counts) {
  json.key("counts").begin_object().key("all").begin_object();
  write_tally(json, counts.all);
  json.end_object().field("exact_groups", counts.exact_groups);
  json.field("near_groups", counts.near_groups).key("by_source").begin_array();
  for (const auto& [source, tally] : counts.by_source) {
    json.begin_object().field("source", source);
    write_tally(json, tally);
    json.end_object();
  }
  json.end_array().key("by_folder").begin_array();
  for (const auto& [place, tally] : counts.by_folder) {
    json.begin_object().field("source", place.first).field("folder", place.second);
    write_tally(json, tally);
    json.end_object();
  }
  json.end_array().end_object();
}

void write_triage_options(JsonWriter& json, const triage::TriageOptions& options) {
  json.key("triage").begin_object().field("radius_bits", options.radius_bits);
  json.field("sample", options.sample).field("seized_on", options.seized_on);
  json.field("recent_days", options.recent_days).field("beside_minutes", options.beside_minutes);
  json.key("device").begin_object().field("make", options.device.make);
  json.field("model", options.device.model).field("serial", options.device.serial);
  json.end_object().end_object();
}

}  // namespace

void write_json(const ReportInput& input, const std::filesystem::path& file) {
  const GroupIndex groups(input.review.groups);
  const RankIndex ranks(input.review);
  const ReviewRecord record(input.acts);
  NewFile out(file);
  std::string text;
  JsonWriter json(text);
  const auto hand_over = [&] {
    out.write(text);
    text.clear();
  };
  json.begin_object().field("format", "safelight-report").field("version", 1);
  json.field("written", iso_utc(input.written_ns)).field("tool_version", input.tool_version);
  write_case(json, input);
  const casefile::Summary summary = input.reader.summary();
  write_summary(json, summary);
  write_origin_overview(json, summary, survey_origin(input.reader, ranks));
  write_triage_options(json, input.review.options);
  write_counts(json, triage::count_case(input.reader, input.review));
  write_review(json, record, input.review);
  hand_over();
  json.key("groups").begin_array();
  uint64_t number = 0;
  for (const triage::Group* group : groups.groups()) {
    const bool near = group->kind == GroupKind::near;
    json.begin_object().field("group", ++number).field("kind", to_text(group->kind));
    if (near) json.field("mode", to_text(group->mode));
    json.field("centre", to_hex(ranks.id_of(group->centre).value));
    json.field("shown", to_hex(ranks.id_of(group->shown).value));
    json.key("members").begin_array();
    for (const triage::GroupMember& member : group->members) {
      json.begin_object().field("item_id", to_hex(ranks.id_of(member.item).value));
      if (near) json.field("distance_bits", member.distance_bits);
      json.end_object();
    }
    json.end_array().end_object();
    hand_over();
  }
  json.end_array().key("items").begin_array();
  input.reader.for_each_item([&](const StoredItem& item) {
    const Rank rank = ranks.find(item.item.id);
    write_item(json, item, groups.find(rank.item), rank, ranks, record);
    hand_over();
  });
  json.end_array().end_object();
  text += '\n';
  hand_over();
  out.commit();
}

}  // namespace safelight::report
