#pragma once

#include <vector>

#include "safelight/evidence/finding.h"
#include "safelight/provenance/c2pa/validation.h"

namespace safelight::c2pa {

/// At most so many ranges without a signature get a finding of their own; the last one tells of
/// the rest.
inline constexpr size_t kMaxUncoveredFindings = 16;
/// Likewise for declared source types.
inline constexpr size_t kMaxSourceFindings = 16;

/// What a validation means to an examiner, in findings of the kinds that begin with "c2pa_"
/// (docs/findings.md). None where the file holds and names no manifest. A signer on no list is a
/// fact about our lists, and worded as one; "contradicted" is kept for signatures and hashes that
/// do not fit the bytes.
std::vector<Finding> findings_of(const Report& report);

}  // namespace safelight::c2pa
