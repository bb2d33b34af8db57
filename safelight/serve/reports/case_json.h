#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "safelight/audit/merkle_tree.h"
#include "safelight/base/json_writer.h"
#include "safelight/casefile/case_info.h"

/// Members that every signed text about a case has.
namespace safelight::serve {

/// Which case it is of.
void write_case(JsonWriter& json, std::string_view case_id, const casefile::CaseInfo& info);

/// When and by what it was written, and how the case's audit log stood then.
void write_written(JsonWriter& json, int64_t written_ns, const std::string& tool_version,
                   const audit::TreeHead& head);

}  // namespace safelight::serve
