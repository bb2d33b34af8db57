#pragma once

#include <optional>
#include <span>

#include "safelight/base/json_writer.h"
#include "safelight/casefile/content.h"
#include "safelight/evidence/finding.h"

namespace safelight::casefile {

/// Writes `error` as member "error" of the open object; nothing where there is none. The keys:
/// docs/formats/case.md, section 5.
void write_error(JsonWriter& json, const std::optional<StoredError>& error);

/// Writes a finding as an object. The keys: docs/formats/case.md, section 5. Its fields are an
/// array of pairs, because a name may come several times.
void write_finding(JsonWriter& json, const Finding& finding);

/// Writes each finding as an object into the open array. The keys: docs/formats/case.md, section 5.
void write_findings(JsonWriter& json, std::span<const Finding> findings);

}  // namespace safelight::casefile
