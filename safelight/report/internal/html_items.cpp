#include "safelight/report/internal/html_items.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "safelight/base/base64.h"
#include "safelight/base/json_writer.h"
#include "safelight/evidence/origin.h"
#include "safelight/report/internal/group_index.h"
#include "safelight/report/internal/html_words.h"
#include "safelight/report/internal/interned.h"
#include "safelight/report/internal/item_origin.h"
#include "safelight/report/internal/rank_index.h"
#include "safelight/report/internal/text.h"
#include "safelight/triage/reasons.h"

namespace safelight::report {
namespace {

/// What statements and values of findings may take of memory: most say what others said.
constexpr size_t kMaxStatements = 4096;
constexpr size_t kMaxValues = 16'384;

/// Digests rarely come twice; they would fill the table of values.
bool is_digest(std::string_view text) {
  constexpr size_t kHexDigitsOfSha256 = 64;
  return text.size() == kHexDigitsOfSha256 &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Writes the rows of the item table, in the order of values that html/report.js names.
class ItemRows {
 public:
  explicit ItemRows(ReviewColumn& review) : review_(review) {}

  void write(JsonWriter& json, const casefile::StoredItem& stored, const GroupPlaces& groups,
             const Rank& rank, uint64_t lead_rank) {
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
    const ItemOrigin origin = origin_of(stored);
    write_findings(json, origin);
    write_hits(json, content.hits);
    write_groups(json, groups);
    if (item.parent) {
      json.string(base64(item.parent->value.bytes, Padding::drop));
    } else {
      json.number(0);
    }
    json.number(stored.revision).number(static_cast<int>(item.state)).number(rank.place.rank);
    json.number(static_cast<int>(rank.place.rank_class));
    write_reasons(json, stored.review ? stored.review->reasons : std::vector<Reason>());
    json.number(lead_rank);
    write_origin(json, origin);
    review_.write(json, item.id);
    json.end_array();
  }

  void write_tables(JsonWriter& json) const {
    json.key("tables").begin_object();
    sources_.write(json, "sources");
    formats_.write(json, "formats");
    media_.write(json, "media");
    errors_.write(json, "errors");
    findings_.write(json, "findings");
    statements_.write(json, "statements");
    names_.write(json, "names");
    values_.write(json, "values");
    lists_.write(json, "lists");
    reasons_.write(json, "reasons");
    write_names<triage::RankClass>(json, "classes", triage::kRankClasses);
    json.key("class_words").begin_array();
    for (size_t i = 0; i < triage::kRankClasses; ++i) {
      json.string(rank_class_words(static_cast<triage::RankClass>(i)));
    }
    json.end_array().key("error_words").begin_array();
    for (const std::string& code : errors_.texts()) {
      json.string(error_words(error_code_from_text(code)));
    }
    json.end_array();
    write_names<casefile::ItemKind>(json, "kinds", 4);
    write_names<Grade>(json, "grades", kGrades);
    json.key("grade_words").begin_array();
    for (size_t i = 0; i < kGrades; ++i) json.string(meaning_of(static_cast<Grade>(i)));
    json.end_array().key("grade_order").begin_array();
    for (const Grade grade : kOriginGrades) json.number(static_cast<int>(grade));
    json.end_array().key("search_words").begin_array();
    for (const OriginScope scope :
         {OriginScope::none, OriginScope::metadata, OriginScope::pixels}) {
      json.begin_array();
      for (const SearchResult result :
           {SearchResult::nothing, SearchResult::nothing_in_part, SearchResult::evidence}) {
        json.string(search_words(scope, result));
      }
      json.end_array();
    }
    json.end_array();
    write_names<Orientation>(json, "orientations", kOrientations);
    write_names<PdqMode>(json, "modes", kPdqModes);
    review_.write_tables(json);
    json.end_object();
  }

 private:
  template <typename Enum>
  static void write_names(JsonWriter& json, std::string_view name, size_t count) {
    json.key(name).begin_array();
    for (size_t i = 0; i < count; ++i) json.string(to_text(static_cast<Enum>(i)));
    json.end_array();
  }

  static void write_groups(JsonWriter& json, const GroupPlaces& groups) {
    if (groups.exact == 0 && groups.near[0].group == 0 && groups.near[1].group == 0) {
      json.number(0);
      return;
    }
    json.begin_array();
    for (const NearPlace& near : groups.near) {
      if (near.group == 0) continue;
      json.begin_array().number(near.group).number(near.distance_bits).end_array();
    }
    if (groups.exact != 0) json.begin_array().number(groups.exact).number(0).end_array();
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

  void write_findings(JsonWriter& json, const ItemOrigin& origin) {
    if (origin.evidence.empty() && origin.facts.empty()) {
      json.number(0);
      return;
    }
    json.begin_array();
    for (const auto* findings : {&origin.evidence, &origin.facts}) {
      for (const Finding* finding : *findings) {
        json.begin_array().number(findings_.place(finding->kind));
        json.number(static_cast<int>(finding->grade));
        statements_.write_text(json, escape_name(finding->statement));
        json.number(static_cast<int>(finding->place.offset_kind));
        json.number(finding->place.offset_bytes).number(finding->place.length_bytes);
        write_fields(json, finding->fields);
        json.end_array();
      }
    }
    json.end_array();
  }

  /// Name and value in turn. Values are texts of the file: what would reorder or hide text is
  /// escaped as in paths.
  void write_fields(JsonWriter& json,
                    const std::vector<std::pair<std::string, std::string>>& fields) {
    if (fields.empty()) {
      json.number(0);
      return;
    }
    json.begin_array();
    for (const auto& [name, value] : fields) {
      names_.write_text(json, name);
      if (is_digest(value)) {
        json.string(value);
      } else {
        values_.write_text(json, escape_name(value));
      }
    }
    json.end_array();
  }

  /// A sentence each: most say what others said.
  void write_reasons(JsonWriter& json, const std::vector<Reason>& reasons) {
    json.begin_array();
    for (const Reason& reason : reasons) {
      reasons_.write_text(json, escape_name(triage::sentence_of(reason)));
    }
    json.end_array();
  }

  static void write_origin(JsonWriter& json, const ItemOrigin& origin) {
    const triage::OriginGrades grades = triage::grades_of(origin.weighed);
    if (origin.scope == OriginScope::none && origin.evidence.empty()) {
      json.number(0);
      return;
    }
    json.begin_array().number(static_cast<int>(origin.scope));
    json.number(static_cast<int>(grades.camera)).number(static_cast<int>(grades.synthesis));
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
      json.number(static_cast<int>(hit.mode)).string(hit.entry_id);
      json.number(hit.source_record).number(static_cast<int>(hit.victim_identified)).end_array();
    }
    json.end_array();
  }

  ReviewColumn& review_;
  Interned sources_;
  Interned formats_;
  Interned media_;
  Interned errors_;
  Interned findings_;
  Interned statements_{kMaxStatements};
  Interned names_{kMaxStatements};
  Interned values_{kMaxValues};
  Interned lists_;
  Interned reasons_{kMaxStatements};
};

void write_groups(JsonWriter& json, const GroupIndex& groups, const RankIndex& ranks) {
  json.key("groups").begin_array();
  for (const triage::Group* group : groups.groups()) {
    uint32_t farthest_bits = 0;
    for (const triage::GroupMember& member : group->members) {
      farthest_bits = std::max(farthest_bits, member.distance_bits);
    }
    const bool near = group->kind == GroupKind::near;
    json.begin_array().number(near ? 1 : 0).number(near ? static_cast<int>(group->mode) : 0);
    json.number(group->members.size()).number(farthest_bits);
    json.number(ranks.of(group->shown).place.rank).number(ranks.of(group->centre).place.rank);
    json.end_array();
  }
  json.end_array();
}

}  // namespace

void write_html_data(NewFile& out, const ReportInput& input, ReviewColumn& review,
                     uint64_t max_items) {
  const GroupIndex groups(input.review.groups);
  const RankIndex ranks(input.review);
  std::string text;
  JsonWriter json(text);
  ItemRows rows(review);
  out.write("<script type=\"application/json\" id=\"data\">");
  json.begin_object().field("time_zone", input.reader.description().info.time_zone);
  write_groups(json, groups, ranks);
  json.key("items").begin_array();
  input.reader.for_each_item([&](const casefile::StoredItem& item) {
    const Rank rank = ranks.find(item.item.id);
    if (rank.place.rank > max_items) return;
    const auto lead = ranks.lead_of(rank);
    rows.write(json, item, groups.find(rank.item), rank, lead ? lead->place.rank : 0);
    out.write(text);
    text.clear();
  });
  json.end_array();
  rows.write_tables(json);
  json.end_object();
  out.write(text);
  out.write("</script>\n");
}

}  // namespace safelight::report
