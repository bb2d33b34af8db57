#pragma once

#include <array>
#include <cstdint>

#include "safelight/casefile/reader.h"
#include "safelight/evidence/origin_grades.h"
#include "safelight/report/internal/rank_index.h"
#include "safelight/report/internal/shared_values.h"

namespace safelight::report {

/// How many items have evidence of origin that speaks for what, and what marks of generators have
/// in common.
struct OriginOverview {
  std::array<uint64_t, 3> by_scope{};  ///< By OriginScope.
  uint64_t camera = 0;                 ///< Items with evidence of a camera.
  uint64_t synthesis = 0;
  uint64_t both = 0;           ///< Counted in either as well.
  uint64_t nothing_found = 0;  ///< Looked for, at least in the metadata, and none found.
  SharedValues shared;
};

/// Reads the case once, and once more where values are shared. Throws Fault.
OriginOverview survey_origin(const casefile::Reader& reader, const RankIndex& ranks);

}  // namespace safelight::report
