#include "safelight/serve/reports/case_json.h"

#include "safelight/base/time_text.h"

namespace safelight::serve {

void write_case(JsonWriter& json, std::string_view case_id, const casefile::CaseInfo& info) {
  json.field("case", case_id).field("number", info.case_number).field("exhibit", info.exhibit);
  json.field("agency", info.agency).field("examiner", info.examiner);
}

void write_written(JsonWriter& json, int64_t written_ns, const std::string& tool_version,
                   const audit::TreeHead& head) {
  json.field("written", utc_text(written_ns)).field("tool", "Safelight " + tool_version);
  json.key("audit_head").begin_object().field("size", head.size);
  json.field("root", to_hex(head.root)).end_object();
}

}  // namespace safelight::serve
