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

/// Writes each finding as an object into the open array. The keys: docs/formats/case.md, section 5.
void write_findings(JsonWriter& json, std::span<const Finding> findings);

}  // namespace safelight::casefile
