#pragma once

#include <optional>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/evidence/finding.h"
#include "safelight/provenance/watermark/dwt_mark.h"
#include "safelight/provenance/watermark/stealth.h"

namespace safelight::provenance {

/// For each known mark that is found or possible in either path, one finding of the better path:
/// "watermark" (Grade::watermark) or "possible_watermark" (Grade::weak), the latter only where none
/// is found. Nothing below, and nothing of a picture that is not readable: absence says nothing.
std::vector<Finding> mark_findings(const MarkReading& reading);

/// Of what StealthReader::finish() gave: "stealth_text" (Grade::declared), or "partly_examined"
/// where a text begins and cannot be read. The text often holds a prompt, so the finding gives its
/// length and SHA-256 alone.
std::optional<Finding> stealth_finding(const Result<std::optional<StealthText>>& result);

}  // namespace safelight::provenance
