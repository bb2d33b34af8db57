#include <array>
#include <functional>
#include <string>

#include "safelight/bytes/new_file.h"
#include "safelight/evidence/origin.h"
#include "safelight/report/internal/group_index.h"
#include "safelight/report/internal/item_origin.h"
#include "safelight/report/internal/rank_index.h"
#include "safelight/report/internal/review_record.h"
#include "safelight/report/internal/text.h"
#include "safelight/report/report.h"
#include "safelight/triage/counts.h"
#include "safelight/triage/reasons.h"

namespace safelight::report {
namespace {

using casefile::StoredItem;

constexpr std::string_view kHeader =
    "item_id,source,path,kind,state,revision,parent_item_id,coverage,error_code,error_rule,"
    "error_offset,error_offset_exact,disposition,hit_count,hits,format,media_type,size_bytes,width,"
    "height,sha256,sha1,md5,pdq_reference,pdq_reference_quality,pdq_full,pdq_full_quality,"
    "exact_group,near_group,near_distance_bits,finding_count,findings,modified,changed,accessed,"
    "born,in_container,rank,rank_class,reason,shown_with,near_group_full,"
    "near_full_distance_bits,origin_scope,origin_grades,camera_evidence,synthesis_evidence,reason_"
    "codes,review_state,category,category_name,decided_by,decided_at,flags,note_count,conflict,"
    "shown_reveals,shown_seconds\r\n";

constexpr std::string_view kFoldersHeader =
    "source,folder,items,contents,in_groups,not_examined,partly_examined,to_review,same_bytes,"
    "same_group,known,ordinary,need_not_be_opened\r\n";

/// Collects the fields of a line.
class Line {
 public:
  Line& text(std::string_view value) { return raw(csv_field(value)); }
  /// A value that needs neither quotes nor protection: digits, hexadecimal, names of ours.
  Line& raw(std::string_view value) {
    if (!first_) line_ += ',';
    first_ = false;
    line_ += value;
    return *this;
  }
  template <typename T>
  Line& number(const std::optional<T>& value) {
    return raw(value ? std::to_string(*value) : "");
  }
  Line& number(uint64_t value) { return raw(std::to_string(value)); }
  [[nodiscard]] std::string finish() {
    line_ += "\r\n";
    return std::move(line_);
  }

 private:
  std::string line_;
  bool first_ = true;
};

template <typename T>
std::string hex_or_nothing(const std::optional<T>& digest) {
  return digest ? to_hex(*digest) : "";
}

std::string join_hits(const std::vector<casefile::StoredHit>& hits) {
  std::string out;
  for (const casefile::StoredHit& stored : hits) {
    if (!out.empty()) out += "; ";
    out += describe(stored.hit);
  }
  return out;
}

void append_findings(std::string& out, const std::vector<const Finding*>& findings) {
  for (const Finding* finding : findings) {
    if (!out.empty()) out += "; ";
    out += finding->kind;
    out += " (";
    out += to_text(finding->grade);
    out += "): ";
    out += escape_name(finding->statement);
  }
}

std::string join_grades(const std::vector<const Finding*>& evidence) {
  std::string out;
  for (const Grade grade : origin_grades(evidence)) {
    if (!out.empty()) out += "; ";
    out += to_text(grade);
  }
  return out;
}

void append_near(Line& line, const NearPlace& near) {
  line.raw(near.group != 0 ? std::to_string(near.group) : "");
  line.raw(near.group != 0 ? std::to_string(near.distance_bits) : "");
}

std::string join_codes(const std::vector<Reason>& reasons) {
  std::string out;
  for (const Reason& reason : reasons) {
    if (!out.empty()) out += "; ";
    out += reason.code;
  }
  return out;
}

/// What people made of the item: nothing but that, where the review has not begun.
void append_review(Line& line, const ReviewRecord& record, const ItemId& id) {
  const ReviewedItem item = record.of(id);
  line.raw(to_text(item.state));
  if (const Opinion* decided = item.decision.decided()) {
    line.text(decided->category).text(name_of(record.rules().scheme, decided->category));
    line.text(decided->person).raw(iso_utc(decided->time_ns));
  } else {
    line.raw("").raw("").raw("").raw("");
  }
  std::string flags;
  for (const std::string& flag : item.decision.flags) flags += (flags.empty() ? "" : "; ") + flag;
  line.text(flags);
  if (!record.has_begun()) {
    line.raw("").raw("").raw("").raw("");
    return;
  }
  line.number(uint64_t{item.decision.notes}).raw(item.decision.is_conflict ? "yes" : "no");
  line.number(item.shown == nullptr ? 0 : item.shown->reveals);
  line.raw(seconds_text(item.shown == nullptr ? 0 : item.shown->shown_ms));
}

std::string line_of(const StoredItem& stored, const GroupPlaces& groups, const Rank& rank,
                    const RankIndex& ranks, const ReviewRecord& record) {
  const casefile::Item& item = stored.item;
  const casefile::StoredContent none;
  const casefile::StoredContent& content = stored.content ? *stored.content : none;
  const casefile::Examination no_examination;
  const casefile::Examination& examination =
      content.examination ? *content.examination : no_examination;
  const auto& error = item.error ? item.error : examination.error;
  const auto disposition = casefile::gravest(content.hits);
  const ItemOrigin origin = origin_of(stored);

  Line line;
  line.raw(to_hex(item.id.value)).text(item.origin.source_id).text(stored.display_path);
  line.raw(to_text(item.kind)).raw(to_text(item.state)).number(uint64_t{stored.revision});
  line.raw(item.parent ? to_hex(item.parent->value) : "").raw(to_text(item.coverage));
  if (error) {
    const bool placed = error->offset_kind != OffsetKind::none;
    line.raw(to_text(error->code)).text(error->rule);
    line.raw(placed ? std::to_string(error->offset_bytes) : "");
    line.raw(!placed ? "" : error->offset_kind == OffsetKind::exact ? "yes" : "no");
  } else {
    line.raw("").raw("").raw("").raw("");
  }
  line.raw(disposition ? to_text(*disposition) : "").number(uint64_t{content.hits.size()});
  line.text(join_hits(content.hits)).text(examination.format).text(examination.media_type);
  line.number(item.size_bytes);
  const bool has_size = examination.width != 0;
  line.raw(has_size ? std::to_string(examination.width) : "");
  line.raw(has_size ? std::to_string(examination.height) : "");
  line.raw(hex_or_nothing(content.content.sha256)).raw(hex_or_nothing(content.content.sha1));
  line.raw(hex_or_nothing(content.content.md5));
  for (const PdqMode mode : {PdqMode::reference, PdqMode::full}) {
    const PdqHashes* found = nullptr;
    for (const PdqHashes& hashes : examination.fingerprints) {
      if (hashes.mode == mode) found = &hashes;
    }
    line.raw(found != nullptr ? to_hex(found->fingerprints[0]) : "");
    line.raw(found != nullptr ? std::to_string(found->quality) : "");
  }
  line.raw(groups.exact != 0 ? std::to_string(groups.exact) : "");
  append_near(line, groups.near_in(PdqMode::reference));
  std::string findings;
  append_findings(findings, origin.evidence);
  append_findings(findings, origin.facts);
  line.number(uint64_t{item.findings.size() + examination.findings.size()}).text(findings);
  for (const auto& time : {item.times.modified, item.times.changed, item.times.accessed,
                           item.times.born, item.times.in_container}) {
    line.text(iso_time(time));
  }
  const std::vector<Reason> none_stored;
  const std::vector<Reason>& reasons = stored.review ? stored.review->reasons : none_stored;
  line.number(uint64_t{rank.place.rank}).raw(to_text(rank.place.rank_class));
  line.text(triage::sentences_of(reasons));
  const auto lead = ranks.lead_of(rank);
  line.raw(lead ? to_hex(ranks.id_of(lead->item).value) : "");
  append_near(line, groups.near_in(PdqMode::full));
  line.raw(to_text(origin.scope)).raw(join_grades(origin.evidence));
  line.text(describe(origin.weighed.camera)).text(describe(origin.weighed.synthesis));
  line.raw(join_codes(reasons));
  append_review(line, record, item.id);
  return line.finish();
}

std::string tally_line(std::string_view source, std::string_view folder,
                       const triage::Tally& tally) {
  Line line;
  line.text(source).text(folder);
  for (const uint64_t number :
       {tally.items, tally.contents, tally.in_groups, tally.not_examined, tally.partly_examined,
        tally.to_review, tally.same_bytes, tally.same_group, tally.known, tally.ordinary,
        tally.need_not_be_opened()}) {
    line.number(number);
  }
  return line.finish();
}

}  // namespace

void write_csv(const ReportInput& input, const std::filesystem::path& file) {
  const GroupIndex groups(input.review.groups);
  const RankIndex ranks(input.review);
  const ReviewRecord record(input.acts);
  NewFile out(file);
  out.write(kHeader);
  input.reader.for_each_item([&](const StoredItem& item) {
    const Rank rank = ranks.find(item.item.id);
    out.write(line_of(item, groups.find(rank.item), rank, ranks, record));
  });
  out.commit();
}

void write_folders(const ReportInput& input, const std::filesystem::path& file) {
  const triage::Counts counts = triage::count_case(input.reader, input.review);
  NewFile out(file);
  out.write(kFoldersHeader);
  // Of all, of each source, and then of each folder; the folders of a source come to what it has.
  out.write(tally_line("(all)", "(all)", counts.all));
  for (const auto& [source, tally] : counts.by_source) {
    out.write(tally_line(source, "(all)", tally));
  }
  for (const auto& [place, tally] : counts.by_folder) {
    out.write(tally_line(place.first, place.second.empty() ? "." : place.second, tally));
  }
  out.commit();
}

}  // namespace safelight::report
