#include "safelight/casefile/finding_json.h"

namespace safelight::casefile {

void write_error(JsonWriter& json, const std::optional<StoredError>& error) {
  if (!error) return;
  json.key("error").begin_object().field("code", to_text(error->code)).field("rule", error->rule);
  if (error->offset_kind != OffsetKind::none) {
    json.field("offset", error->offset_bytes);
    json.key("offset_exact").boolean(error->offset_kind == OffsetKind::exact);
  }
  json.end_object();
}

void write_finding(JsonWriter& json, const Finding& finding) {
  json.begin_object().field("kind", finding.kind).field("grade", to_text(finding.grade));
  json.field("statement", finding.statement);
  if (finding.place.offset_kind != OffsetKind::none) {
    json.field("offset", finding.place.offset_bytes).field("length", finding.place.length_bytes);
    json.key("offset_exact").boolean(finding.place.offset_kind == OffsetKind::exact);
  }
  json.key("fields").begin_array();
  for (const auto& [name, text] : finding.fields) {
    json.begin_array().string(name).string(text).end_array();
  }
  json.end_array().end_object();
}

void write_findings(JsonWriter& json, std::span<const Finding> findings) {
  for (const Finding& finding : findings) write_finding(json, finding);
}

}  // namespace safelight::casefile
