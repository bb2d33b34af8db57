#include "safelight/casefile/canonical_export.h"

#include <map>
#include <set>

#include "safelight/base/json_writer.h"
#include "safelight/casefile/finding_json.h"

namespace safelight::casefile {
namespace {

constexpr size_t kPieceBytes = 1 << 16;

void write_time(JsonWriter& json, std::string_view name, const std::optional<Timestamp>& time) {
  if (!time) return;
  json.key(name).begin_object().field("ns", time->ns);
  json.field("zone", time->zone == TimeZoneKnowledge::utc ? "utc" : "local_unknown").end_object();
}

void write_examination(JsonWriter& json, const Examination& examination) {
  json.key("examination").begin_object();
  json.field("format", examination.format).field("media_type", examination.media_type);
  json.field("width", examination.width).field("height", examination.height);
  json.field("coverage", to_text(examination.coverage));
  write_error(json, examination.error);
  json.key("modes").begin_array();
  for (const PdqMode mode : examination.modes) json.string(to_text(mode));
  json.end_array();
  if (examination.origin != OriginScope::none) json.field("origin", to_text(examination.origin));
  json.key("fingerprints").begin_array();
  // By mode: in which order they were computed says nothing.
  std::map<PdqMode, const PdqHashes*> by_mode;
  for (const PdqHashes& hashes : examination.fingerprints) by_mode[hashes.mode] = &hashes;
  for (const auto& [mode, hashes] : by_mode) {
    json.begin_object().field("mode", to_text(mode)).field("quality", hashes->quality);
    json.field("pdq", to_hex(hashes->fingerprints[0])).end_object();
  }
  json.end_array().key("findings").begin_array();
  write_findings(json, examination.findings);
  json.end_array().key("members").begin_array();
  for (const MemberContent& member : examination.members) {
    json.begin_object().field("kind", static_cast<int>(member.step.kind));
    json.field("ordinal", member.step.ordinal).field("offset", member.step.offset_bytes);
    json.field("name", escape_name(member.step.name));
    json.field("content", to_hex(member.content.value)).end_object();
  }
  json.end_array().end_object();
}

void write_content(JsonWriter& json, const StoredContent& stored) {
  const Content& content = stored.content;
  json.key("content").begin_object().field("key", to_hex(content.key.value));
  if (content.sha256) json.field("sha256", to_hex(*content.sha256));
  if (content.sha1) json.field("sha1", to_hex(*content.sha1));
  if (content.md5) json.field("md5", to_hex(*content.md5));
  if (content.size_bytes) json.field("size", *content.size_bytes);
  if (stored.examination) write_examination(json, *stored.examination);
  json.key("hits").begin_array();
  for (const auto& [hit, version] : stored.hits) {
    json.begin_object().field("list", hit.list).field("version", version);
    json.field("entry", hit.entry_id).field("category", hit.category);
    json.field("disposition", to_text(hit.disposition)).field("kind", to_text(hit.kind));
    if (hit.kind == MatchKind::pdq) {
      json.field("distance", hit.distance_bits).field("orientation", to_text(hit.orientation));
      json.field("mode", to_text(hit.mode));
    }
    if (hit.source_record != 0) json.field("record", hit.source_record);
    if (hit.victim_identified != Stated::not_stated) {
      json.field("victim_identified", to_text(hit.victim_identified));
    }
    json.end_object();
  }
  json.end_array().end_object();
}

void write_item(JsonWriter& json, const StoredItem& stored) {
  const Item& item = stored.item;
  json.begin_object().field("item", to_hex(item.id.value)).field("source", item.origin.source_id);
  json.field("path", stored.display_path).field("kind", to_text(item.kind));
  json.field("revision", stored.revision).field("state", to_text(item.state));
  if (item.parent) json.field("parent", to_hex(item.parent->value));
  if (item.size_bytes) json.field("size", *item.size_bytes);
  write_time(json, "modified", item.times.modified);
  write_time(json, "in_container", item.times.in_container);
  json.field("coverage", to_text(item.coverage));
  write_error(json, item.error);
  json.key("findings").begin_array();
  write_findings(json, item.findings);
  json.end_array();
  if (stored.content) write_content(json, *stored.content);
  json.end_object();
}

void write_header(JsonWriter& json, const Reader& reader) {
  json.begin_object().field("format", "safelight-case-canonical").field("version", 1);
  json.key("sources").begin_array();
  for (const Source& source : reader.sources()) {
    json.begin_object().field("source", source.source_id);
    json.field("kind", to_text(source.description.kind)).end_object();
  }
  json.end_array().key("lists").begin_array();
  std::map<std::string, std::string> lists;
  for (const ListUse& use : reader.list_uses()) lists[use.name] = use.content_id;
  for (const auto& [name, version] : lists) {
    json.begin_object().field("list", name).field("version", version).end_object();
  }
  json.end_array().end_object();
}

}  // namespace

void export_canonical(const Reader& reader, const std::function<void(std::string_view)>& write) {
  std::string out;
  JsonWriter json(out);
  write_header(json, reader);
  out += '\n';
  reader.for_each_item([&](const StoredItem& item) {
    write_item(json, item);
    out += '\n';
    if (out.size() < kPieceBytes) return;
    write(out);
    out.clear();
  });
  write(out);
}

}  // namespace safelight::casefile
