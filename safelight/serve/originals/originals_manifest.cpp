#include "safelight/serve/originals/originals_manifest.h"

#include "safelight/base/json_writer.h"
#include "safelight/serve/reports/case_json.h"

namespace safelight::serve {

std::string to_json(const OriginalsManifest& manifest) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("format", "safelight.originals").field("version", 1);
  write_case(json, manifest.case_id, manifest.info);
  json.field("approval", manifest.approval).field("asked_by", manifest.asked_by);
  json.field("approved_by", manifest.approved_by).field("reason", manifest.reason);
  write_written(json, manifest.written_ns, manifest.tool_version, manifest.head);
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
