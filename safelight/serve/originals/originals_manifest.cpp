#include "safelight/serve/originals/originals_manifest.h"

#include "safelight/base/json_writer.h"
#include "safelight/base/time_text.h"

namespace safelight::serve {

std::string to_json(const OriginalsManifest& manifest) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("format", "safelight.originals").field("version", 1);
  json.field("case", manifest.case_id).field("number", manifest.info.case_number);
  json.field("exhibit", manifest.info.exhibit).field("agency", manifest.info.agency);
  json.field("examiner", manifest.info.examiner).field("approval", manifest.approval);
  json.field("asked_by", manifest.asked_by).field("approved_by", manifest.approved_by);
  json.field("reason", manifest.reason).field("written", utc_text(manifest.written_ns));
  json.field("tool", "Safelight " + manifest.tool_version).key("audit_head").begin_object();
  json.field("size", manifest.head.size).field("root", to_hex(manifest.head.root)).end_object();
  json.key("originals").begin_array();
  for (const auto& [item, path, original] : manifest.originals) {
    json.begin_object().field("item", to_hex(item.value)).field("path", path);
    json.field("sha256", to_hex(original.sha256)).field("bytes", original.bytes);
    if (original.still) json.field("still", *original.still);
    json.end_object();
  }
  json.end_array().key("missing").begin_array();
  for (const auto& [item, path, error] : manifest.missing) {
    json.begin_object().field("item", to_hex(item.value)).field("path", path);
    json.field("code", to_text(error.code)).field("rule", error.rule).end_object();
  }
  json.end_array().end_object();
  return out;
}

}  // namespace safelight::serve
