#pragma once

#include <vector>

#include "safelight/casefile/item.h"
#include "safelight/evidence/origin_grades.h"
#include "safelight/triage/origin_evidence.h"

namespace safelight::report {

/// An item's findings as reports show them. Valid as long as the item is.
struct ItemOrigin {
  OriginScope scope = OriginScope::none;
  std::vector<const Finding*> evidence;  ///< Of origin, in the order of grades.
  std::vector<const Finding*> facts;     ///< All other findings.
  triage::OriginEvidence weighed;
};

ItemOrigin origin_of(const casefile::StoredItem& stored);

}  // namespace safelight::report
